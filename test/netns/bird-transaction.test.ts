// The real BIRD takes a file as a transaction: its answers, what it undoes, and what remains if a process dies.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { renderBirdConf } from '../../src/resources/bird/render.ts';
import { local, ospf } from '../bird/models.ts';
import { address, cableModel, CONF, full, pass, quick, startOn } from './bird-lab.ts';
import { eventually } from './lab/eventually.ts';
import { makeLab, type Lab } from './lab/make-lab.ts';
import type { Router } from './lab/router.ts';

const lan = local('lan', '10.69.1.1/24', ospf({ cost: 1, stub: true }));
const wanted = cableModel(1);
const dearer = cableModel(1, { interfaces: [local('cab', '10.70.89.0/31', { ...quick, cost: 40 }), lan] });
const COPY = `/var/lib/wgospf/bird${CONF}.last-good`;

let lab: Lab;
let a: Router;
let b: Router;

beforeAll(async () => {
  lab = await makeLab();
  [a, b] = [await lab.router('a'), await lab.router('b')];
  await lab.connect(a, 'cab', b, 'cab');
  await Promise.all([address(a, 1), address(b, 2)]);
  await Promise.all([startOn(a, wanted), startOn(b, cableModel(2))]);
});
afterAll(() => lab.close());

/** Each test begins with the old file taken for good, and the adjacency Full. */
beforeEach(async () => {
  await a.sh(`rm -f ${COPY}; pgrep -x bird >/dev/null || bird -u bird -g bird`);
  await a.writeFile(CONF, renderBirdConf(wanted));
  await eventually(() => a.sh('birdc configure'));
  await full(a, b);
});

const generation = (text: string): string => /wgospf_generation = "(\w+)"/.exec(text)?.[1] ?? 'none';
const [old, now] = [renderBirdConf(wanted), renderBirdConf(dearer)];
const running = async (): Promise<string> => /\w{16}/.exec(await a.birdc('eval wgospf_generation'))?.[0] ?? 'none';
const unconfirmed = async (): Promise<boolean> => (await a.birdc('configure status')).includes('unconfirmed');
/** When the adjacency fell or rose last, by BIRD's own count of what OSPF did on the link. */
const files = async (): Promise<string> => (await a.sh('cd /etc/bird; ls bird.conf*')).trim();

test('a changed cost is taken for good, the adjacency stays, and nothing is left', async () => {
  const report = await pass(a, { model: dearer });
  expect(report).toMatchObject({ inSync: true, failures: [], impacts: ['none', 'none'] });
  expect([await running(), await unconfirmed(), await files()]).toEqual([generation(now), false, 'bird.conf']);
  expect((await a.ospfNeighbors()).map(({ state }) => state)).toEqual(['Full/PtP']);
});

test('a change that resets the link is taken for good as well', async () => {
  const ptmp = { ...quick, type: 'ptmp' as const, neighbors: ['10.70.89.1'] };
  const report = await pass(a, {
    model: cableModel(1, { interfaces: [local('cab', '10.70.89.0/31', ptmp), lan] }),
  });
  expect(report).toMatchObject({ inSync: true, failures: [], impacts: ['none', 'adjacency-reset'] });
  expect(await unconfirmed()).toBe(false);
});

describe('a change that is cut off between timeout and confirm', () => {
  const cutOff = async (seconds: number): Promise<void> => {
    await a.sh(`install -D -m 600 ${CONF} ${COPY}`);
    await a.writeFile(CONF, now, 0o640);
    await a.sh(`chown root:bird ${CONF}; birdc configure check; birdc configure timeout ${seconds}`);
    expect([await running(), await unconfirmed()]).toEqual([generation(now), true]);
  };

  test('is confirmed by the next pass', async () => {
    await cutOff(30);
    const report = await pass(a, { model: dearer });
    expect(report).toMatchObject({ inSync: true, steps: ['done birdc configure confirm'] });
    expect([await running(), await unconfirmed(), await files()]).toEqual([generation(now), false, 'bird.conf']);
  });

  test('is made again by the next pass after BIRD has undone it', async () => {
    await cutOff(1);
    await eventually(async () => {
      expect(await running()).toBe(generation(old));
    });
    expect(await pass(a, { model: dearer })).toMatchObject({ inSync: true, failures: [] });
    expect([await running(), await files()]).toEqual([generation(now), 'bird.conf']);
  });

  test('is completed by the next pass if BIRD dies as well and starts with the file in place', async () => {
    await cutOff(30);
    await a.sh('pkill -KILL -x bird; while pgrep -x bird >/dev/null; do sleep 0.02; done; bird -u bird -g bird');
    await eventually(async () => {
      expect(await running()).toBe(generation(now));
    });
    expect(await pass(a, { model: dearer })).toMatchObject({ inSync: true, failures: [] });
    expect([await running(), await files()]).toEqual([generation(now), 'bird.conf']);
  });

  test('is undone in BIRD and its file if the state file was set back meanwhile', async () => {
    await cutOff(30);
    expect(await pass(a, { model: wanted })).toMatchObject({ inSync: true, failures: [] });
    expect([await running(), await unconfirmed(), await files()]).toEqual([generation(old), false, 'bird.conf']);
  });
});

describe('facts', () => {
  test('fact: a failed configure cancels the pending undo, and a failed check does not', async () => {
    await a.sh('birdc configure timeout 30');
    await a.writeFile(CONF, `${old}nonsense\n`);
    await a.sh('birdc configure check || true');
    expect(await unconfirmed()).toBe(true);
    await a.sh('birdc configure || true');
    expect(await unconfirmed()).toBe(false);
  });

  test('fact: questions of restricted sessions leave the undo pending; configure and check are denied there', async () => {
    await a.sh('birdc configure timeout 30');
    const answers = await a.sh(
      "for c in 'show ospf neighbors' 'show protocols all' 'eval wgospf_generation' 'configure status' 'configure' " +
        "'configure check' 'configure confirm' 'configure undo'; do birdc -r $c || true; done",
    );
    expect(answers.match(/Access denied/g)).toHaveLength(4);
    expect(await unconfirmed()).toBe(true);
  });

  test('fact: after a confirmation one more undo is possible, so only a pending change may be undone', async () => {
    await a.writeFile(CONF, now);
    await a.sh('birdc configure timeout 30; birdc configure confirm; birdc configure undo');
    expect(await running()).toBe(generation(old));
  });
});
