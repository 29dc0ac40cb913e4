// A pass that opens a path is undone: on the fake host, whose routing decision passes the same checks as the kernel's.
import { beforeEach, expect, test } from 'vitest';
import { reconcile } from '../../src/engine/reconcile.ts';
import type { Report } from '../../src/engine/types.ts';
import { checkLeaks } from '../../src/leak-check/check-leaks.ts';
import { openedPaths } from '../../src/leak-check/opened-paths.ts';
import { reconcileClosed, type ClosedReport, type Earlier } from '../../src/leak-check/reconcile-closed.ts';
import type { Path } from '../../src/leak-check/types.ts';
import type { RouterModel } from '../../src/model/types.ts';
import { resources } from '../../src/resources/index.ts';
import { createFakeHost, type FakeHost } from '../fakes/fake-host.ts';
import { readState } from '../fakes/read-state.ts';

const tunnel = (name: string, last: number, port: number): string => {
  const publicKey = `${'BCDEFGH'.charAt(last).repeat(42)}A=`;
  return `  ${name}: {address: 10.70.89.${last}/31, listenPort: ${port}, peer: {publicKey: ${publicKey}}}\n`;
};
const first = `version: 1
router: {node: 111}
mesh: {table: {name: nycmesh, id: 2}, prefixes: [10.69.0.0/16, 10.70.0.0/16]}
interfaces: {eth1: {address: 10.69.1.11/24}}
tunnels:
${tunnel('wg222', 0, 51825)}`;
const second = `${first}${tunnel('wg333', 2, 51826)}`;
const boot = `
ip link set lo up
ip link add eth0 type veth
ip link add eth1 type veth
ip link set eth0 up
ip address add 198.51.100.1/24 dev eth0
ip route add default via 198.51.100.254
`;
/** waits for a tunnel that does not exist yet */
const trap = 'ip rule add iif wg333 lookup main priority 5';

let host: FakeHost;
let models: { readonly first: RouterModel; readonly second: RouterModel };

beforeEach(() => {
  host = createFakeHost();
  host.run(boot);
  models = { first: readState(first, host.env), second: readState(second, host.env) };
});

const apply = (model: RouterModel, earlier: Earlier | undefined, adopt = false): Promise<ClosedReport> =>
  reconcileClosed(host, resources, model, { adopt, earlier });

const codes = ({ conditions }: Report): string[] => conditions.map(({ code }) => code);
const links = async (): Promise<string[]> => (await host.rtnl.links()).map(({ name }) => name);
const isAt = async (model: RouterModel | undefined): Promise<boolean> =>
  (await reconcile(host, resources, model, { adopt: false })).results.length === 0;

test('a tunnel that a foreign rule opens leads back to the earlier state, and the path is named', async () => {
  await apply(models.first, { model: undefined });
  host.run(trap);
  const { report, undone } = await apply(models.second, { model: models.first });
  expect(undone).toBe(true);
  expect(report).toMatchObject({ inSync: false, generation: models.first.generation, remaining: [] });
  expect(report.conditions).toEqual([
    expect.objectContaining({ code: 'apply-undone', severity: 'error', subject: 'wg333' }),
  ]);
  expect(report.conditions[0]?.message).toMatch(/by wg333 to 9\.9\.9\.9 \(internet\) leaves by eth0, table 254, and/);
  expect(report.results.map(({ operation }) => operation.command)).toEqual(
    expect.arrayContaining([expect.stringContaining('link add'), expect.stringContaining('link del')]),
  );
  expect(await isAt(models.first)).toBe(true);
  expect((await checkLeaks(host, models.second)).filter(({ leak }) => leak !== undefined)).toEqual([]);
});

test('a path into the mesh is undone even if the same packets left by the uplink before', async () => {
  await apply(models.first, { model: undefined });
  host.run('ip rule add to 10.70.89.2/31 lookup main priority 5');
  const { report, undone } = await apply(models.second, { model: models.first });
  expect(undone).toBe(true);
  expect(report.conditions[0]?.message).toContain('it gets into the mesh');
  expect(await isAt(models.first)).toBe(true);
});

test.each(['isolation: vrf', 'match: mark', 'firewall: nftables'])(
  'a state is undone with %s as well',
  async (ruleText) => {
    const mesh = (text: string): string => text.replace('mesh: {', `mesh: {${ruleText}, `);
    const [before, after] = [readState(mesh(first), host.env), readState(mesh(second), host.env)];
    await apply(before, { model: undefined });
    host.run(trap);
    const { report, undone } = await apply(after, { model: before });
    expect({ undone, codes: codes(report) }).toEqual({ undone: true, codes: ['apply-undone'] });
    expect(await isAt(before)).toBe(true);
  },
);

test('a mesh in a namespace is out of reach for such a rule', async () => {
  const inside = readState(second.replace('mesh: {', 'mesh: {isolation: netns, '), host.env);
  host.run(trap);
  const { report, undone } = await apply(inside, { model: undefined });
  expect({ undone, inSync: report.inSync }).toEqual({ undone: false, inSync: true });
});

test('a first apply is undone to nothing', async () => {
  host.run(trap);
  const { report, undone } = await apply(models.second, { model: undefined });
  expect(undone).toBe(true);
  expect(codes(report)).toEqual(['apply-undone']);
  expect(report).toMatchObject({ generation: 'down', remaining: [], inSync: false });
  expect(await links()).toEqual(['lo', 'eth0', 'eth1']);
  expect(await isAt(undefined)).toBe(true);
});

test('a path that crossed before is only reported', async () => {
  await apply(models.second, { model: undefined });
  host.run(trap);
  const more = readState(`${second}${tunnel('wg444', 4, 51827)}`, host.env);
  const { report, undone } = await apply(more, { model: models.second });
  expect(undone).toBe(false);
  expect(codes(report)).toEqual(['leak-path']);
  expect(await links()).toContain('wg444');
});

test('a path of an applied state is only reported', async () => {
  await apply(models.second, { model: undefined });
  host.run(`ip link del wg333\n${trap}`);
  const { report, undone } = await apply(models.second, undefined);
  expect({ undone, codes: codes(report) }).toEqual({ undone: false, codes: ['leak-path'] });
  expect(await links()).toContain('wg333');
});

test('a pass with nothing to do asks the kernel once', async () => {
  await apply(models.first, { model: undefined });
  const asked: number[] = [];
  const lookUp: typeof host.rtnl.lookUp = (queries) => {
    asked.push(queries.length);
    return host.rtnl.lookUp(queries);
  };
  const watched = { ...host, rtnl: { ...host.rtnl, lookUp } };
  await reconcileClosed(watched, resources, models.first, { adopt: false, earlier: { model: undefined } });
  expect(asked).toHaveLength(1);
});

test('without a known earlier state nothing is removed', async () => {
  await apply(models.first, { model: undefined });
  host.run(trap);
  const { report, undone } = await apply(models.second, { model: undefined });
  expect(undone).toBe(false);
  expect(codes(report)).toEqual(['apply-not-undone', 'leak-path']);
  expect(report.conditions[0]?.message).toContain('not known');
  expect(await links()).toContain('wg333');
});

test('an adopted object is not given up', async () => {
  await apply(models.first, { model: undefined });
  host.run('ip link add wg333 type wireguard\nip link set wg333 mtu 1400\nip link set wg333 up');
  host.run(trap.replace('wg333', 'wg444'));
  const third = readState(`${second}${tunnel('wg444', 4, 51827)}`, host.env);
  const { report, undone } = await apply(third, { model: models.first }, true);
  expect(undone).toBe(false);
  expect(codes(report)).toEqual(['apply-not-undone', 'leak-path']);
  expect(report.conditions[0]?.message).toContain('wg333 was taken over');
});

test('a failed undoing is reported', async () => {
  await apply(models.first, { model: undefined });
  host.run(trap);
  const { report, undone } = await reconcileClosed(host, resources, models.second, {
    ...{ adopt: false, earlier: { model: models.first } },
    onResult: ({ operation }) => {
      if (operation.stage === 'bird-configure') host.failNext('rtnl.deleteLink', 'EBUSY');
    },
  });
  expect(undone).toBe(true);
  expect(codes(report)).toContain('apply-not-undone');
  expect(report.conditions[0]?.message).toContain('could not be undone completely');
});

const path = (origin: string, destination: string, dev: string | undefined, leak = 'out'): Path => ({
  family: 4,
  origin: { name: origin, side: 'mesh', iif: origin },
  destination: { name: destination, side: 'underlay' },
  query: { to: '9.9.9.9', from: '10.69.1.1', iif: origin },
  answer: dev === undefined ? { verdict: 'refused', code: 'ENETUNREACH' } : { verdict: 'forward', dev, table: 254 },
  leak: dev === undefined ? undefined : leak,
});

test.each<[string, Path[], Path[], number]>([
  ['closed and open', [path('eth1', 'internet', undefined)], [path('eth1', 'internet', 'eth0')], 1],
  ['open and open', [path('eth1', 'internet', 'eth0')], [path('eth1', 'internet', 'eth0')], 0],
  ['open and closed', [path('eth1', 'internet', 'eth0')], [path('eth1', 'internet', undefined)], 0],
  ['out before, and in now', [path('eth0', 'mesh', 'eth0')], [path('eth0', 'mesh', 'wg1', 'in')], 1],
  ['a new origin', [path('eth1', 'internet', 'eth0')], [path('wg1', 'internet', 'eth0')], 1],
  ['a new destination of the same traffic', [path('eth1', 'internet', 'eth0')], [path('eth1', 'endpoint', 'eth0')], 0],
  ['a new destination by another way', [path('eth1', 'internet', 'eth0')], [path('eth1', 'endpoint', 'eth2')], 1],
])('a path counts as opened: %s', (_what, before, after, count) => {
  expect(openedPaths(before, after)).toHaveLength(count);
});
