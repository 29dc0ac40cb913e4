// Whole passes on the fake host: which files are written, kept and restored, and what BIRD runs afterwards.
import { beforeEach, expect, test } from 'vitest';
import { reconcile } from '../../src/engine/reconcile.ts';
import type { Report } from '../../src/engine/types.ts';
import type { RouterModel } from '../../src/model/types.ts';
import { bird } from '../../src/resources/bird/index.ts';
import { renderBirdConf } from '../../src/resources/bird/render.ts';
import { createFakeHost, type FakeHost, type FakeHostOptions } from '../fakes/fake-host.ts';
import { writeFile } from '../fakes/fake-files.ts';
import { costing, node111, node222 } from './models.ts';

const CONF = '/etc/bird/bird.conf';
const KEPT = `/var/lib/wgospf/bird${CONF}.before-wgospf`;
const theirs = '# mine\nprotocol device {\n}\n';

let host: FakeHost;
beforeEach(() => void (host = createFakeHost()));

const pass = (model: RouterModel | undefined, adopt = false): Promise<Report> =>
  reconcile(host, [bird], model, { adopt });
const text = (path: string): string | undefined => host.state.files.get(path)?.text;
const place = (content: string): void => {
  writeFile(host.state, CONF, content, { mode: 0o640 });
  host.state.bird.configFile = CONF;
};
const failures = (report: Report): string[] =>
  report.results.flatMap(({ outcome }) => (outcome.status === 'failed' ? [`${outcome.code}: ${outcome.message}`] : []));

test('a missing file is written as root:bird 0640 and taken, and a second pass has nothing to do', async () => {
  expect(await pass(node111())).toMatchObject({ inSync: true, conditions: [] });
  expect(text(CONF)).toBe(renderBirdConf(node111()));
  expect(host.state.files.get(CONF)?.stat).toEqual({ mode: 0o640, uid: 0, gid: 107 });
  expect([...host.state.files.keys()]).toEqual([CONF]);
  const writes = host.writes();
  expect((await pass(node111())).results).toEqual([]);
  expect(host.writes()).toBe(writes);
});

test('a file edited by hand is repaired', async () => {
  await pass(node111());
  place(text(CONF)?.replace('cost 15', 'cost 1') ?? '');
  expect((await pass(node111())).inSync).toBe(true);
  expect(text(CONF)).toBe(renderBirdConf(node111()));
});

test('a foreign file is reported as in the way and not changed', async () => {
  place(theirs);
  const { foreign, conditions, results, inSync } = await pass(node111());
  expect({ results, inSync }).toEqual({ results: [], inSync: false });
  expect(foreign).toMatchObject([{ kind: 'bird', key: CONF, blocking: true }]);
  expect(conditions.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    `bird-conf-foreign: ${CONF} was not written by wgospf; to take it over: 'wgospf apply --adopt' with the daemon stopped; it is kept as ${KEPT}`,
  ]);
  expect(text(CONF)).toBe(theirs);
});

test('an adopted file is kept beside ours, and down restores it', async () => {
  place(theirs);
  expect((await pass(node111(), true)).inSync).toBe(true);
  expect([text(CONF), text(KEPT)]).toEqual([renderBirdConf(node111()), theirs]);
  expect((await pass(undefined)).inSync).toBe(true);
  expect([text(CONF), text(KEPT), host.state.bird.generation]).toEqual([theirs, undefined, undefined]);
  expect([...host.state.notes]).toEqual([]);
});

test('a second adoption does not overwrite the copy of the first file', async () => {
  place(theirs);
  await pass(node111(), true);
  place(`${theirs}# again\n`);
  await pass(node111(), true);
  expect([text(KEPT), text(`${KEPT}.2`)]).toEqual([theirs, `${theirs}# again\n`]);
});

test('down without an earlier file gives BIRD an empty file and then removes it', async () => {
  await pass(node111());
  expect((await pass(undefined)).inSync).toBe(true);
  expect([...host.state.files.keys()]).toEqual([]);
  expect(host.state.bird).toMatchObject({ running: true, generation: undefined });
});

test("down while BIRD is down removes the file and BIRD's routes in main", async () => {
  await pass(node111({ table: 'main' }));
  host.state.bird.running = false;
  host.run('ip link add eth1 type dummy\nip link set eth1 up\nip route add 10.69.2.0/24 dev eth1 proto bird metric 64');
  host.run('ip route add 10.69.3.0/24 dev eth1 proto static metric 64');
  expect((await pass(undefined)).inSync).toBe(true);
  expect(text(CONF)).toBeUndefined();
  const left = host.state.routes.filter(({ table, dst }) => table === 254 && dst.family === 4);
  expect(left.map(({ dst }) => dst.address)).toEqual(['10.69.3.0']);
});

test('routes of an old metric that an interrupted pass left are found by the next pass, and foreign routes stay', async () => {
  await pass(node111());
  host.run('ip link add eth1 type dummy\nip link set eth1 up\nip link add eth2 type dummy\nip link set eth2 up');
  host.run('ip route add 10.69.2.0/24 table 2 proto bird metric 64 nexthop dev eth1 nexthop dev eth2');
  host.run('ip route add 10.69.3.0/24 dev eth1 table 2 proto bird metric 32');
  host.run('ip -6 route add fd00::/64 dev eth1 table 2 proto bird metric 64');
  const raised = node111({ bird: { kernelMetric: 100 } });
  host.failNext('rtnl.deleteRoute', 'EIO');
  expect((await pass(raised)).inSync).toBe(false);
  expect((await pass(raised)).inSync).toBe(true);
  const left = host.state.routes.filter(({ protocol }) => protocol === 12);
  expect(left.map(({ dst }) => dst.address)).toEqual(['10.69.3.0', 'fd00::']);
});

test('with BIRD down the file is written, and a condition says so', async () => {
  host.state.bird.running = false;
  const report = await pass(node111());
  expect({ remaining: report.remaining, inSync: report.inSync }).toEqual({ remaining: [], inSync: false });
  expect(report.conditions.map(({ code, severity }) => `${severity} ${code}`)).toEqual(['error bird-down']);
  expect(report.conditions[0]?.message).toContain('systemctl start bird');
  expect((await pass(node222())).results.map(({ operation }) => operation.payload)).toMatchObject([{ do: 'write' }]);
});

test('with a hanging BIRD the file is written, and a condition says so', async () => {
  await pass(node111());
  host.failNext('bird.ask', 'ETIMEDOUT');
  const report = await pass(node222());
  expect(text(CONF)).toBe(renderBirdConf(node222()));
  expect(report.inSync).toBe(true); // it answers again: in the pass's second round it takes the file
  host.failNext('bird.ask', 'ETIMEDOUT');
  expect((await pass(node222())).conditions.map(({ code }) => code)).toEqual(['bird-not-answering']);
});

const refusing = (options: FakeHostOptions): void => void (host = createFakeHost(options));

test("a file that BIRD's parser refuses is held back before the first operation, and each pass gives the reason", async () => {
  refusing({ birdRefuses: 'cost 7' });
  await pass(node111());
  for (let again = 0; again < 2; again++) {
    const { results, waiting, conditions, inSync } = await pass(costing(7));
    expect({ results, inSync }).toEqual({ results: [], inSync: false });
    expect(waiting.map(({ missing }) => missing)).toContain('bird-refuses');
    const [refused] = conditions.filter(({ code }) => code === 'bird-refuses');
    expect(refused).toMatchObject({ veto: true, severity: 'error', subject: CONF });
    expect(refused?.message).toMatch(/\/etc\/bird\/bird\.conf:\d+:1 syntax error/);
  }
  expect(text(CONF)).toBe(renderBirdConf(node111()));
  expect([...host.state.files.keys()]).toEqual([CONF]);
});

test('a file that BIRD refuses at the last moment leaves the file in place unchanged', async () => {
  refusing({ birdRefuses: 'cost 7' });
  await pass(node111());
  // nobody can be asked beforehand
  host.failNext('bird.checkText', 'ETIMEDOUT');
  const report = await pass(costing(7));
  expect(failures(report)).toEqual([
    expect.stringMatching(
      /^BIRD_REFUSED: .*\/etc\/bird\/bird\.conf:\d+:1 syntax error.*; the file in place was not touched/,
    ),
  ]);
  expect(report.results.map(({ outcome }) => outcome.status)).toEqual(['failed', 'blocked']);
  expect(text(CONF)).toBe(renderBirdConf(node111()));
  expect([...host.state.files.keys()]).toEqual([CONF]);
});

test('a file that the running BIRD refuses is replaced by the earlier file', async () => {
  await pass(node111());
  const reply = { lines: [{ code: 8002, text: `${CONF}: Permission denied` }], code: 8002 };
  const command = host.bird.command.bind(host.bird);
  const sulky = {
    ...host.bird,
    command: (socket: string, what: string) =>
      what === 'configure check' ? Promise.resolve(reply) : command(socket, what),
  };
  const report = await reconcile({ ...host, bird: sulky }, [bird], node222(), { adopt: false });
  expect(failures(report)).toEqual([
    expect.stringContaining(
      `${CONF}: Permission denied; BIRD goes on with what it runs, and the file from before is back`,
    ),
  ]);
  expect(text(CONF)).toBe(renderBirdConf(node111()));
});

test('a BIRD that runs another file is reported, and nothing is left behind', async () => {
  writeFile(host.state, '/srv/bird.conf', theirs);
  host.state.bird.configFile = '/srv/bird.conf';
  expect(failures(await pass(node111()))).toEqual([
    expect.stringContaining('this BIRD reads /srv/bird.conf, not /etc/bird/bird.conf; set bird.configFile'),
  ]);
  expect(text(CONF)).toBeUndefined();
});

test('after any single failed call, before or after its effect, the next pass converges', async () => {
  const prepare = async (): Promise<void> => {
    host = createFakeHost();
    place(theirs);
    await pass(node111(), true);
  };
  await prepare();
  const start = host.calls.length;
  await pass(node222());
  const count = host.calls.length - start;
  expect(count).toBeGreaterThan(10);
  for (let n = 0; n < count; n++) {
    for (const after of [false, true]) {
      await prepare();
      host.failCall(n, 'EIO', { after });
      await pass(node222()).catch(() => undefined); // an observation that fails throws
      host.clear();
      expect((await pass(node222())).inSync, `call ${n}`).toBe(true);
      expect([text(CONF), text(KEPT)]).toEqual([renderBirdConf(node222()), theirs]);
    }
  }
});

test.for([false, true])(
  'a down that fails at any call is completed by the next down (after its effect: %s)',
  async (after) => {
    for (let n = 0; ; n++) {
      host = createFakeHost();
      place(theirs);
      await pass(node111(), true);
      host.failCall(n, 'EIO', { after });
      await pass(undefined).catch(() => undefined);
      if (!host.clear()) break;
      await pass(undefined);
      expect([text(CONF), text(KEPT)], `call ${n}`).toEqual([theirs, undefined]);
      expect(host.state.bird.generation).toBeUndefined();
    }
  },
);
