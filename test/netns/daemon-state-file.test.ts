// The state file under a running daemon: edited in every way that editors and operators have, bad, mended, missing.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startDaemon, type Daemon, type LogLine } from './lab/daemon.ts';
import { eventually } from './lab/eventually.ts';
import { makeLoneRouter, type LoneRouter } from './lab/lone-router.ts';
import type { Router } from './lab/router.ts';

const FILE = '/etc/wgospf/state.yaml';
let lone: LoneRouter;
let router: Router;
let daemon: Daemon;
/** the state file with this OSPF cost */
let state: (cost: number) => string;

beforeAll(async () => {
  lone = await makeLoneRouter();
  router = lone.router;
  const text = await router.readFile(FILE);
  state = (cost) => text.replace('cost: 15', `cost: ${cost}`);
  await router.wgospf(['apply', '--adopt']);
});
afterAll(() => lone.lab.close());

beforeEach(async () => {
  await router.writeState(state(15));
  daemon = await startDaemon(router);
});
afterEach(() => daemon.stop());

const events = (name: string): LogLine[] => daemon.lines().filter(({ event }) => event === name);

/** BIRD runs with the cost. */
const expectCost = (cost: number): Promise<void> =>
  eventually(async () => {
    expect(await router.birdc('show ospf interface')).toMatch(new RegExp(`Cost: ${cost}\\b`));
  });

/** Longer than it waits for half a file. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1_000));

test.each([
  ['written in place', 'cat new >state.yaml'],
  ['renamed over the old one', 'cp new .state.tmp; mv .state.tmp state.yaml'],
  [
    'as vim does, the old one renamed and a new one written',
    'mv state.yaml state.yaml~; cat new >state.yaml; rm state.yaml~',
  ],
  ['deleted, and later made again', 'rm state.yaml; sleep 0.3; cat new >state.yaml'],
  ['a link to another file', 'mkdir -p v1; cp new v1/state.yaml; ln -sf v1/state.yaml state.yaml'],
])('the state file is read: %s', async (_how, script) => {
  await router.writeFile('/etc/wgospf/new', state(31));
  await router.sh(`cd /etc/wgospf; ${script}`);
  await expectCost(31);
  expect(events('state-bad')).toEqual([]);
  await router.sh('cd /etc/wgospf; rm -rf state.yaml new v1');
});

test('a swapped link in the path, as Kubernetes does it, and an edit behind a link are applied', async () => {
  for (const cost of [41, 42]) await router.writeFile(`/etc/wgospf/v${cost}/state.yaml`, state(cost));
  await router.sh('cd /etc/wgospf; ln -s v41 data; ln -sf data/state.yaml state.yaml');
  await expectCost(41);
  await router.sh('cd /etc/wgospf; ln -s v42 data.new; mv -T data.new data');
  await expectCost(42);
  await router.sh(`cd /etc/wgospf; sed -i 's/cost: 42/cost: 43/' v42/state.yaml`);
  await expectCost(43);
  await router.sh('cd /etc/wgospf; rm -rf state.yaml data v41 v42');
});

test('a folder that is replaced twice is followed, and a file written in the new one is applied', async () => {
  const copy = (cost: number): string =>
    `cd /etc; cp -a wgospf next; sed -i 's/cost: [0-9]*/cost: ${cost}/' next/state.yaml; mv wgospf last; mv next wgospf; rm -r last`;
  for (const cost of [81, 82]) {
    await router.sh(copy(cost));
    await expectCost(cost);
  }
  await router.sh(`sed -i 's/cost: 82/cost: 83/' /etc/wgospf/state.yaml`);
  await expectCost(83);
  const key = await router.makeKey('keys/wg222.key');
  await eventually(async () => {
    expect((await router.sh('wg show wg222 public-key')).trim()).toBe(key);
  });
  expect(events('state-bad')).toEqual([]);
});

test('a file written in halves is applied as a whole, and the last tunnel in it never goes', async () => {
  const ifindex = await router.sh('cat /sys/class/net/wg222/ifindex');
  const text = state(51);
  const half = text.indexOf('tunnels:');
  await router.writeFile('/etc/wgospf/first', `${text.slice(0, half)}tunnels: {`);
  await router.writeFile('/etc/wgospf/whole', text);
  await router.sh('cd /etc/wgospf; cat first >state.yaml; sleep 0.3; cat whole >state.yaml; rm first whole');
  await expectCost(51);
  expect(await router.sh('cat /sys/class/net/wg222/ifindex')).toBe(ifindex);
  expect(events('state-bad')).toEqual([]);
});

test('a bad file changes nothing and is reported once, and so is its correction', async () => {
  const before = await router.dump();
  await router.writeState(state(15).replace('listenPort: 51825', 'listenPort: many'));
  const bad = await daemon.logged(({ event }) => event === 'state-bad');
  expect(JSON.stringify(bad)).toContain(`${FILE}:11:17`);
  await router.writeState(`${state(15).replace('listenPort: 51825', 'listenPort: many')}# edited, and still wrong\n`);
  await settled();
  expect(events('state-bad')).toHaveLength(1);
  await router.writeState(state(15));
  await daemon.logged(({ event }) => event === 'state-mended');
  expect(await router.dump()).toBe(before);
});

test('an object that is undone while the file is bad is repaired from the last good state', async () => {
  await router.writeState('version: 1\n');
  await daemon.logged(({ event }) => event === 'state-bad');
  await router.sh('ip rule del priority 1100 protocol 87');
  await daemon.logged(({ event, object }) => event === 'repaired' && object?.includes('priority 1100') === true);
});

test('a restart with a bad file continues with the last applied state, and says so', async () => {
  await router.writeState(state(61));
  await expectCost(61);
  await daemon.stop();
  await router.writeState('version: 1\nfoo: bar\n');
  await router.sh('ip rule del priority 1100 protocol 87; ip link del wg222');
  daemon = await startDaemon(router);
  expect(daemon.lines().map(({ event }) => event)).toEqual(expect.arrayContaining(['state-bad', 'state-loaded']));
  expect(JSON.stringify(events('state-loaded'))).toContain('the last good state');
  expect(await router.sh('ip rule show priority 1100; ip -o link show up wg222')).toMatch(/nop[^]*wg222/);
  expect(await router.sh('stat -c %a /var/lib/wgospf/state.yaml')).toBe('600\n');
  expect(await router.sh('cat /var/lib/wgospf/state.yaml')).toBe(state(61));
});

test('a daemon without a file says so, waits, and applies the file when it appears', async () => {
  await daemon.stop();
  await router.sh(`rm ${FILE} /var/lib/wgospf/state.yaml`);
  daemon = await startDaemon(router);
  expect(JSON.stringify(events('state-awaited'))).toContain(FILE);
  expect(events('state-bad')).toEqual([]);
  expect(events('pass')).toEqual([]);
  await router.writeState(state(71));
  await expectCost(71);
});

test('a replaced private key is applied', async () => {
  const old = await router.sh('wg show wg222 public-key');
  const key = await router.makeKey('keys/wg222.key');
  await eventually(async () => {
    expect((await router.sh('wg show wg222 public-key')).trim()).toBe(key);
  });
  expect(key).not.toBe(old.trim());
});

test('SIGHUP reads the file again, and ends after its pass', async () => {
  const from = daemon.lines().length;
  process.kill(await daemon.pid(), 'SIGHUP');
  await daemon.logged(({ event }) => event === 'ready', from);
  const reported = daemon
    .lines()
    .slice(from)
    .map(({ event }) => event);
  expect(reported.filter((event) => ['reloading', 'pass', 'ready'].includes(event))).toEqual([
    'reloading',
    'pass',
    'ready',
  ]);
});
