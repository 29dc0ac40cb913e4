// Relevance agrees with the engine: an event matters if and only if a pass would have something to do or to report.
import { expect, it } from 'vitest';
import { createRelevance } from '../../../src/daemon/monitor/relevance.ts';
import { makePlan } from '../../../src/engine/reconcile.ts';
import { resources } from '../../../src/resources/index.ts';
import { eventsBetween, listing } from './fake-events.ts';
import { convergedRouter } from './sample.ts';

const damages: readonly (readonly [string, string, readonly string[]])[] = [
  ['link deleted', 'ip link del wg222', ['deleted link:wg222', 'deleted address:wg222 10.70.89.0/31']],
  ['dummy deleted', 'ip link del dummy0', ['deleted link:dummy0', 'deleted address:dummy0 10.69.200.1/32']],
  ['up flag', 'ip link set dev wg222 down', ['changed link:wg222']],
  ['MTU', 'ip link set dev wg222 mtu 1280', ['changed link:wg222']],
  ['mark', 'ip link set dev wg222 alias other', ['changed link:wg222']],
  ['up flag of a borrowed link', 'ip link set dev eth1 down', ['changed link:eth1']],
  ['address', 'ip address del 10.70.89.0/31 dev wg222', ['deleted address:wg222 10.70.89.0/31']],
  ['address of a borrowed link', 'ip address del 10.69.1.11/24 dev eth1', ['deleted address:eth1 10.69.1.11/24']],
  ['route', 'ip route del 10.70.89.0/31 dev wg222 table 2', ['deleted route:2 10.70.89.0/31 metric 0']],
  [
    'guard default',
    'ip route del unreachable default table 2 metric 4294967295',
    ['deleted route:2 0.0.0.0/0 metric 4294967295'],
  ],
  [
    'route added with our mark',
    'ip route add 10.71.0.0/16 dev wg222 table 2 proto 87',
    ['added route:2 10.71.0.0/16 metric 0'],
  ],
  [
    'lookup rule',
    'ip rule del priority 1031 iif wg222 lookup 2 protocol 87',
    ['deleted rule:inet priority 1031 iif wg222 lookup 2 protocol 87'],
  ],
  [
    'guard rule',
    'ip rule del priority 1099 iif wg222 unreachable protocol 87',
    ['deleted rule:inet priority 1099 iif wg222 unreachable protocol 87'],
  ],
  [
    'rule added with our mark',
    'ip rule add priority 900 to 192.0.2.0/24 unreachable protocol 87',
    ['added rule:inet priority 900 to 192.0.2.0/24 unreachable protocol 87'],
  ],
  ['forwarding', 'sysctl -w net.ipv4.ip_forward=0', ['changed sysctl:net.ipv4.ip_forward']],
  [
    'reverse path filter',
    'sysctl -w net.ipv4.conf.wg222.rp_filter=1',
    ['changed sysctl:net.ipv4.conf.wg222.rp_filter'],
  ],
];

async function hear(text: string, kernelWireguard = true): Promise<{ undone: string[]; toTell: number }> {
  const { host, model } = await convergedRouter({ kernelWireguard });
  const before = await listing(host);
  host.run(text);
  const events = eventsBetween(before, await listing(host));
  expect(events).not.toEqual([]);
  const relevance = createRelevance(resources, model);
  const verdicts = events
    .filter((event) => event.kind !== 'route' || relevance.wantRoute(event.object.table, event.object.protocol))
    .flatMap((event) => relevance.judge(event));
  const undone = verdicts.filter((verdict) => verdict.undone !== undefined);
  const plan = await makePlan(host, resources, model, { adopt: false });
  return {
    undone: undone.map(({ undone: how, ref }) => `${how} ${ref}`),
    toTell: plan.operations.length + plan.foreign.length,
  };
}

it.each(damages)('%s starts a pass', async (_, text, expected) => {
  const { undone, toTell } = await hear(text);
  expect(undone.sort()).toEqual([...expected].sort());
  expect(toTell).toBeGreaterThan(0);
});

it.each([
  ['address', 'ip address add 192.0.2.7/24 dev eth0'],
  ['link', 'ip link add veth9 type bridge'],
  ['MTU of a borrowed link that the file leaves alone', 'ip link set dev eth0 mtu 1400'],
  ['route', 'ip route add 192.0.2.0/24 dev eth0'],
  ['route of BIRD in our table', 'ip route add 10.69.7.0/24 dev wg222 table 2 proto 12 metric 64'],
  ['rule', 'ip rule add priority 500 to 192.0.2.0/24 lookup 254'],
])('a foreign %s starts no pass', async (_, text) => {
  expect(await hear(text)).toEqual({ undone: [], toTell: 0 });
});

it('a tunnel of wireguard-go is announced as a deleted tun', async () => {
  const { undone } = await hear('ip link set dev wg222 down', false);
  expect(undone).toEqual(['changed link:wg222']);
});
