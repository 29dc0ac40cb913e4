// BIRD takes a new file as a transaction, or keeps the old one: on the fake host, with every failure between its steps.
// test/netns/bird-transaction.test.ts uses the real BIRD.
import { beforeEach, describe, expect, test } from 'vitest';
import { reconcile } from '../../src/engine/reconcile.ts';
import type { Report } from '../../src/engine/types.ts';
import { HostError } from '../../src/host/error.ts';
import type { BirdReply, Host } from '../../src/host/types.ts';
import type { RouterModel } from '../../src/model/types.ts';
import { readHeader } from '../../src/resources/bird/header.ts';
import { bird } from '../../src/resources/bird/index.ts';
import { renderBirdConf } from '../../src/resources/bird/render.ts';
import { startBird } from '../fakes/fake-bird.ts';
import { createFakeHost, type FakeHost } from '../fakes/fake-host.ts';
import { costing, node111 } from './models.ts';

const CONF = '/etc/bird/bird.conf';
const COPY = `/var/lib/wgospf/bird${CONF}.last-good`;

let host: FakeHost;

const pass = (model: RouterModel | undefined, on: Host = host): Promise<Report> =>
  reconcile(on, [bird], model, { adopt: false });
const failures = (report: Report): string[] =>
  report.results.flatMap(({ outcome }) => (outcome.status === 'failed' ? [`${outcome.code}: ${outcome.message}`] : []));
const text = (path: string): string | undefined => host.state.files.get(path)?.text;
const [old, now] = [renderBirdConf(node111()), renderBirdConf(costing(7))];
/** The commands over the control socket, in order. */
const talk = (from: number): string[] =>
  host.calls.slice(from).flatMap(({ name, args }) => (/^bird\.(ask|command)$/.test(name) ? [String(args[1])] : []));

/** Runs node 111's file, with both of its neighbours Full. */
async function prepare(): Promise<void> {
  host = createFakeHost();
  host.state.bird.neighbors = ['10.69.1.1 eth1', '10.70.89.1 wg222'];
  const report = await pass(node111());
  expect(report.inSync).toBe(true);
}
beforeEach(prepare);

/** BIRD runs the file on disk. */
function expectAgreement(what: string): void {
  const { bird: state } = host.state;
  expect(state.generation, what).toBe(readHeader(text(CONF) ?? '')?.generation);
  expect([old, now], what).toContain(text(CONF));
}

test('a change is checked, set with a timeout, looked at and confirmed, and leaves nothing beside the file', async () => {
  const [from, start] = [host.calls.length, host.now()];
  expect(await pass(costing(7))).toMatchObject({ inSync: true });
  expect(talk(from).slice(2, -2)).toEqual([
    'configure check',
    'configure status',
    'eval wgospf_generation',
    'show ospf neighbors',
    'configure timeout 30',
    'eval wgospf_generation',
    'show protocols',
    'show ospf neighbors',
    'configure confirm',
    'eval wgospf_generation',
  ]);
  expect(host.now()).toBe(start);
  expect([...host.state.files.keys()]).toEqual([CONF]);
  expect(host.state.bird).toMatchObject({ undoAt: undefined, loaded: now });
});

test('an unexpected loss of an adjacency undoes the change and restores the old file', async () => {
  host.state.bird.breaks = 'cost 7;';
  const report = await pass(costing(7));
  expect(failures(report)).toEqual([
    expect.stringMatching(
      /^BIRD_NOT_WELL: .*10\.69\.1\.1 on eth1 \(mesh4\) was Full before, .*BIRD has undone it, and the file from before is back/,
    ),
  ]);
  expectAgreement('lost');
  expect(host.state.bird).toMatchObject({ undoAt: undefined, loaded: old });
  expect([...host.state.files.keys()]).toEqual([CONF]);
});

test('an adjacency that the change resets may be lost', async () => {
  host.state.bird.neighbors = ['10.70.89.1 wg222'];
  const { tunnels } = node111();
  const other = tunnels.map((t) => ({ ...t, ospf: t.ospf && { ...t.ospf, type: 'ptp' as const, neighbors: [] } }));
  host.state.bird.breaks = 'protocol'; // all of them
  expect(await pass(node111({ tunnels: other }))).toMatchObject({ inSync: true });
});

test('a protocol that does not come up undoes the change', async () => {
  const down: Host = {
    ...host,
    bird: {
      ...host.bird,
      ask: async (socket, question) => {
        const reply = await host.bird.ask(socket, question);
        if (question !== 'show protocols' || host.state.bird.loaded !== now) return reply;
        const lines = reply.lines.map(({ code, text: line }) => ({
          code,
          text: line.startsWith('kernel4') ? line.replace('up  ', 'down') : line,
        }));
        return { ...reply, lines };
      },
    },
  };
  expect(failures(await pass(costing(7), down))).toEqual([
    expect.stringContaining('protocol kernel4 is down, and should be up; BIRD has undone it'),
  ]);
  expectAgreement('down');
});

/** A host whose BIRD does something at the n-th question. */
function troubled(n: number, trouble: (text: string) => void): Host {
  let count = 0;
  const wrap =
    (inner: Host['bird']['ask']): Host['bird']['ask'] =>
    async (socket, command) => {
      if (count++ === n) trouble(command);
      if (hanging) throw new HostError({ operation: `birdc ${command}`, code: 'ETIMEDOUT', detail: 'no reply' });
      return inner(socket, command);
    };
  const { bird: inner } = host;
  const asked = wrap((socket, command) => inner.ask(socket, command));
  return {
    ...host,
    bird: { ...inner, ask: asked, command: wrap((socket, command) => inner.command(socket, command)) },
  };
}
let hanging = false;

/** All calls of a pass that changes a cost, and among them the questions to BIRD. */
async function countSteps(): Promise<{ calls: number; asked: number }> {
  const from = host.calls.length;
  await pass(costing(7));
  return { calls: host.calls.length - from, asked: talk(from).length };
}

// a pass for each call of a pass: an overloaded machine needs more time
describe('at every step', { timeout: 60_000 }, () => {
  test('a BIRD that dies starts with the file in place, and the next pass converges', async () => {
    const { asked: steps } = await countSteps();
    for (let n = 0; n < steps; n++) {
      await prepare();
      await pass(
        costing(7),
        troubled(n, () => void (host.state.bird.running = false)),
      );
      startBird(host.state); // systemd
      expectAgreement(`died at ${n}`);
      expect(await pass(costing(7)), `died at ${n}`).toMatchObject({ inSync: true });
      expect([...host.state.files.keys()]).toEqual([CONF]);
    }
  });

  test('a BIRD that hangs for a minute agrees with the file afterwards, and the next pass converges', async () => {
    const { asked: steps } = await countSteps();
    for (let n = 0; n < steps; n++) {
      await prepare();
      let step = '';
      hanging = false;
      const report = await pass(
        costing(7),
        troubled(n, (command) => {
          [step, hanging] = [command, true];
        }),
      );
      hanging = false;
      host.state.now += 60_000;
      await host.bird.ask('', 'show status'); // its timers run
      const what = `hung at ${n}, ${step}`;
      // If BIRD answers before it was given the file, it takes the file then. After the confirmation nobody knows what it did.
      const begun = host.state.bird.loaded === now || text(CONF) === old;
      if (begun && step !== 'configure confirm') expectAgreement(what);
      if (n > 6 && n < steps - 2) expect(failures(report), what).toEqual([expect.stringMatching(/^ETIMEDOUT/)]);
      expect(await pass(costing(7)), what).toMatchObject({ inSync: true });
      expect([...host.state.files.keys()], what).toEqual([CONF]);
      expectAgreement(what);
    }
  });

  test('a killed agent leaves BIRD with one of the two files, and the next pass completes the change, soon or late', async () => {
    const { calls } = await countSteps();
    for (const later of [0, 60_000]) {
      for (let n = 0; n <= calls; n++) {
        await prepare();
        host.dieAt(n);
        await pass(costing(7)).catch(() => undefined);
        host.clear();
        host.state.now += later;
        await host.bird.ask('', 'show status');
        const what = `killed at ${n}, ${later} ms before the next`;
        expect([old, now], what).toContain(host.state.bird.loaded);
        expect(await pass(costing(7)), what).toMatchObject({ inSync: true });
        expect(
          [...host.state.files.keys()].filter((path) => path !== CONF),
          what,
        ).toEqual([]);
        expect(host.state.bird, what).toMatchObject({ undoAt: undefined, loaded: now });
      }
    }
  });

  test('a killed agent whose next pass wants another file leads back to the last good file', async () => {
    const { calls } = await countSteps();
    for (let n = 0; n <= calls; n++) {
      await prepare();
      host.dieAt(n);
      await pass(costing(7)).catch(() => undefined);
      host.clear();
      host.state.bird.breaks = 'cost 9;';
      await pass(costing(9));
      host.state.now += 60_000;
      await host.bird.ask('', 'show status');
      expectAgreement(`killed at ${n}`);
    }
  });
});

test('a change that was cut off before its confirmation is confirmed by the next pass, which shows it in its plan', async () => {
  const dead = troubled(11, () => {
    throw new HostError({ operation: 'birdc', code: 'EIO', detail: 'killed here' });
  });
  await pass(costing(7), dead).catch(() => undefined);
  const { results } = await pass(costing(7));
  expect(results.map(({ operation }) => operation.command)).toEqual(['birdc configure confirm']);
  expect(host.state.bird.loaded).toBe(now);
});

test('a change that somebody else confirmed or took again meanwhile is confirmed as well', async () => {
  for (const meddle of ['configure confirm', 'configure']) {
    await prepare();
    const meddled = troubled(7, () => void host.bird.command('', meddle));
    expect(failures(await pass(costing(7), meddled)), meddle).toEqual([]);
    expectAgreement(meddle);
    expect(host.state.bird.undoAt).toBeUndefined();
  }
});

test('a change that was undone by hand meanwhile is reported, and the file is the one that BIRD runs', async () => {
  for (const n of [7, 10]) {
    await prepare();
    const meddled = troubled(n, () => void host.bird.command('', 'configure undo'));
    expect(failures(await pass(costing(7), meddled))).toEqual([
      expect.stringMatching(/^BIRD_(OTHER_GENERATION|UNDONE): .*file from before is back in place/),
    ]);
    expectAgreement(`undone at ${n}`);
  }
});

test('BIRD 1.6, which has no `configure status`, takes a change as a transaction', async () => {
  const unknown: BirdReply = { lines: [{ code: 9001, text: 'syntax error' }], code: 9001 };
  const old16: Host = {
    ...host,
    bird: {
      ...host.bird,
      ask: (socket, question) =>
        question === 'configure status' ? Promise.resolve(unknown) : host.bird.ask(socket, question),
    },
  };
  expect(await pass(costing(7), old16)).toMatchObject({ inSync: true });
  host.state.bird.breaks = 'cost 8;';
  expect(failures(await pass(costing(8), old16))).toEqual([expect.stringMatching(/BIRD has undone it/)]);
  expectAgreement('1.6');
});

test('with BIRD down the file is written, and nothing is kept beside it', async () => {
  host.state.bird.running = false;
  await pass(costing(7));
  expect([text(CONF), text(COPY)]).toEqual([now, undefined]);
  startBird(host.state);
  expect((await pass(costing(7))).results).toEqual([]);
});
