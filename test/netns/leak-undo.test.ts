// A state that opens a path is undone on the real kernel: by `wgospf apply`, by its first one, and by the daemon.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startDaemon } from './lab/daemon.ts';
import { eventually } from './lab/eventually.ts';
import { makeLoneRouter, type LoneRouter } from './lab/lone-router.ts';
import type { Router } from './lab/router.ts';

const FILE = '/etc/wgospf/state.yaml';
/**
 * Another's rules that wait for a tunnel to come: its packets by main, and the way back for the check of their source. As long as
 * there is no tunnel main refuses what is for its network, and no path is open.
 */
const TRAP = [
  ['route', 'unreachable 10.70.89.2/31 metric 4000'],
  ['rule', 'priority 5 iif wg333 lookup main'],
  ['rule', 'priority 6 to 10.70.89.2/31 lookup main'],
] as const;
const trap = (action: 'add' | 'del'): Promise<string> =>
  router.sh(TRAP.map(([object, words]) => `ip ${object} ${action} ${words}`).join('; '));

interface Answer {
  readonly inSync: boolean;
  readonly conditions: readonly { readonly code: string; readonly subject: string; readonly message: string }[];
}

let lone: LoneRouter;
let router: Router;
/** the state file with wg222, and with wg333 besides */
let [one, two] = ['', ''];

beforeEach(async () => {
  lone = await makeLoneRouter();
  router = lone.router;
  one = await router.readFile(FILE);
  await router.makeKey('keys/wg333.key');
  const key = (await router.sh('wg genkey | wg pubkey')).trim();
  two = `${one.trimEnd()}
  wg333: {address: 10.70.89.2/31, listenPort: 51826, peer: {publicKey: ${key}, endpoint: '198.51.100.98:51826'}}
`;
  await trap('add');
});
afterEach(() => lone.lab.close());

async function apply(): Promise<{ readonly code: number; readonly answer: Answer }> {
  const { exitCode: code, stdout } = await router.wgospf(['apply', '--adopt', '--json'], { mayFail: true });
  return { code, answer: JSON.parse(stdout) as Answer };
}

/** All but the file that the test itself writes. */
const dump = async (): Promise<string> =>
  (await router.dump())
    .split('\n')
    .filter((line) => !line.endsWith(FILE))
    .join('\n');
const codes = ({ conditions }: Answer): string[] => conditions.map(({ code }) => code);
const isClosed = async (): Promise<boolean> => (await router.wgospf(['leak-check'], { mayFail: true })).exitCode === 0;

test('apply restores the earlier state, and accepts the new one when the path is gone', async () => {
  await apply();
  await eventually(async () => {
    expect(await router.sh('ip route show table 2')).toContain('10.70.89.0 dev wg222 proto bird');
  });
  const before = await dump();
  const ifindex = await router.sh('cat /sys/class/net/wg222/ifindex');
  await router.writeState(two);
  const { exitCode, stdout } = await router.wgospf(['apply'], { mayFail: true });
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/by wg333 to 9\.9\.9\.9 \(internet\) leaves by eth0, table 254.*it was undone/s);
  expect(await dump()).toBe(before);
  expect(await router.sh('cat /sys/class/net/wg222/ifindex')).toBe(ifindex);
  expect(await router.readFile('/var/lib/wgospf/state.yaml')).toBe(one);
  expect(await isClosed()).toBe(true);

  await trap('del');
  expect((await apply()).code).toBe(0);
  expect(await router.readFile('/var/lib/wgospf/state.yaml')).toBe(two);

  await trap('add'); // opened by somebody else, later: told of, and left
  await router.writeState(`${two}# edited\n`);
  const { code, answer } = await apply();
  expect({ code, codes: new Set(codes(answer)) }).toEqual({ code: 1, codes: new Set(['leak-path']) });
  expect(await router.sh('ip -br link show wg333')).toContain('wg333');
});

test('a first apply is undone to nothing', async () => {
  const before = await dump();
  await router.writeState(two);
  const { code, answer } = await apply();
  expect({ code, inSync: answer.inSync }).toEqual({ code: 1, inSync: false });
  expect(answer.conditions).toMatchObject([{ code: 'apply-undone', subject: 'wg333' }]);
  expect(await dump()).toBe(before);
});

test('the daemon keeps the earlier state in force, reports it, and tries again when the path has changed', async () => {
  await apply();
  const daemon = await startDaemon(router);
  const links = (): Promise<string> => router.sh('ip -br link');
  await router.writeState(two);
  await daemon.logged(({ event }) => event === 'state-withdrawn');
  await daemon.logged((line) => event(line) === 'condition-raised apply-undone');
  expect(await links()).not.toContain('wg333');
  expect(await isClosed()).toBe(true);
  const status = await router.wgospf(['status'], { mayFail: true });
  expect(status.exitCode).toBe(1);
  expect(status.stdout).toContain('apply-undone');
  expect(status.stdout).toContain('leaves by eth0, table 254');

  await router.sh('ip link del wg222'); // the state before is kept up meanwhile
  await daemon.logged(({ event, object }) => event === 'repaired' && object === 'link:wg222');
  const loads = daemon.lines().filter(({ event }) => event === 'state-loaded');
  expect(loads).toHaveLength(2);

  await trap('del');
  await eventually(async () => {
    expect(await links()).toContain('wg333');
  });
  await daemon.logged((line) => event(line) === 'condition-cleared apply-undone');
  await daemon.stop();
  expect(await router.readFile('/var/lib/wgospf/state.yaml')).toBe(two);
});

test('a daemon whose first state opens a path leaves nothing, and a corrected file brings the router up', async () => {
  const network = (): Promise<string> => router.sh('ip -br link; ip rule; ip -6 rule; ip route show table all');
  const before = await network();
  await router.writeState(two);
  const daemon = await startDaemon(router);
  await daemon.logged(({ event }) => event === 'state-withdrawn');
  expect(await network()).toBe(before);
  await router.writeState(one);
  await daemon.logged((line) => event(line) === 'condition-cleared apply-undone');
  expect(await router.sh('ip -br link')).toMatch(/wg222 .*UP/);
  expect(await isClosed()).toBe(true);
  await daemon.stop();
});

const event = (line: { readonly event: string; readonly code?: string }): string => `${line.event} ${line.code ?? ''}`;
