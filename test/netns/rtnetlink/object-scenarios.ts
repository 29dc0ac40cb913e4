// Links, addresses and routes: what we make is what ip(8) shows, and what ip(8) makes is what we read.
import type { AddressInfo, NewLink, RouteInfo } from '../../../src/host/types.ts';
import { code, ip, ipJson, pick, prefix } from './ip.ts';
import type { Scenario } from './scenario.ts';

/** Bridges stand for WireGuard links, which not every kernel has. */
const bridge = (name: string, parts: Partial<NewLink> = {}): NewLink => ({
  name,
  kind: 'bridge' as NewLink['kind'],
  alias: 'wgospf',
  mtu: undefined,
  ...parts,
});
const shownLink = (name: string): object | undefined =>
  pick(ipJson(`-d link show ${name}`), 'ifname', 'mtu', 'ifalias')[0];

export const objectScenarios: Readonly<Record<string, Scenario>> = {
  async links(rtnl) {
    await rtnl.addLink(bridge('wg7', { mtu: 1420 }));
    const made = shownLink('wg7');
    ip('link add eth7 type veth peer name eth8');
    ip('link set eth7 mtu 1400 alias theirs');
    const again = await code(rtnl.addLink(bridge('eth7')));
    await rtnl.setLink('wg7', { up: true, mtu: 1300, alias: 'wgospf two words' });
    const set = shownLink('wg7');
    await rtnl.setLink('wg7', { alias: '' });
    const cleared = (await rtnl.links()).find(({ name }) => name === 'wg7');
    await rtnl.setLink('wg7', { up: false });
    const down = (await rtnl.links()).find(({ name }) => name === 'wg7');
    await rtnl.deleteLink('wg7');
    // a kernel with tunnel modules puts more links into a new namespace
    const left = (await rtnl.links()).filter(({ name }) => /^(lo|eth\d|wg7)$/.test(name));
    const missing = [rtnl.deleteLink('wg7'), rtnl.setLink('wg7', { up: true }), rtnl.setLink('eth7', { mtu: 1 })];
    const codes = await Promise.all(missing.map(code));
    return { made, again, set, cleared, down, left, codes };
  },

  async kinds(rtnl) {
    const before = ip('-o link');
    const supports = (kind: string): Promise<boolean> => rtnl.supportsLinkKind(kind as NewLink['kind']);
    const known = await Promise.all(['bridge', 'veth', 'no-such-kind'].map(supports));
    const unchanged = ip('-o link') === before;
    const wireguard = await supports('wireguard');
    const made = await code(rtnl.addLink(bridge('wg7', { kind: 'wireguard' })));
    return { known, unchanged, agrees: made === (wireguard ? 'done' : 'EOPNOTSUPP') };
  },

  async addresses(rtnl) {
    ip('link add wg7 type bridge');
    ip('link set lo up');
    const ours = (text: string, peer?: string): AddressInfo => ({
      dev: 'wg7',
      prefix: prefix(text),
      peer,
      protocol: 87,
    });
    const list = [
      ours('10.70.89.0/31'),
      ours('10.69.12.134/16'),
      ours('10.2.0.1/32', '10.2.0.9'),
      ours('fd00::1/64'),
      ours('fd01::1/128', 'fd01::2'),
    ];
    await Promise.all(list.map((address) => rtnl.addAddress(address)));
    const shown = (ipJson('address show wg7')[0]?.['addr_info'] ?? []) as Record<string, unknown>[];
    ip('address add 10.3.0.1 peer 10.3.0.9/32 dev wg7');
    ip('address add fd02::1/64 dev wg7');
    const read = await rtnl.addresses();
    const errors = [
      rtnl.addAddress(ours('10.70.89.0/31')),
      rtnl.deleteAddress(ours('10.70.89.0/30')),
      rtnl.addAddress({ ...ours('10.0.0.1/8'), dev: 'wg8' }),
    ];
    const codes = await Promise.all(errors.map(code));
    await Promise.all(list.map((address) => rtnl.deleteAddress(address)));
    return {
      shown: pick(shown, 'local', 'address', 'prefixlen', 'broadcast').sort(),
      read: read.filter(({ dev }) => dev === 'wg7'),
      loopback: read.filter(({ dev }) => dev === 'lo').length,
      codes,
      left: (await rtnl.addresses()).filter(({ dev }) => dev === 'wg7').map((address) => address.prefix.address),
    };
  },

  async routes(rtnl) {
    ip('link add wg7 type bridge');
    const ours = (text: string, parts: Partial<RouteInfo> = {}): RouteInfo => ({
      table: 2,
      type: 'unicast',
      dst: prefix(text),
      metric: prefix(text).family === 6 ? 1024 : 0,
      protocol: 87,
      dev: 'wg7',
      via: undefined,
      ...parts,
    });
    const down = await code(rtnl.addRoute(ours('10.70.89.0/31')));
    ip('link set wg7 up');
    const refusing = { type: 'unreachable', dev: '', metric: 4294967295 } as const;
    const list = [
      ours('10.70.89.0/31'),
      ours('10.80.0.0/16', { via: '10.70.89.1', table: 70000, metric: 64 }),
      ours('0.0.0.0/0', refusing),
      ours('fd00::/64'),
      ours('fd03::/64', { via: 'fe80::1' }),
      ours('::/0', refusing),
    ];
    ip('route add 10.70.89.0/31 dev wg7 table 70000');
    await Promise.all(list.map((route) => rtnl.addRoute(route)));
    const marked = (routes: readonly RouteInfo[]): RouteInfo[] => routes.filter(({ protocol }) => protocol === 87);
    const read = marked(await rtnl.routes());
    const fields = ['type', 'dst', 'gateway', 'dev', 'table', 'protocol', 'scope', 'metric'];
    const shown = ['-4', '-6'].flatMap((f) => pick(ipJson(`${f} route show table all proto 87`), ...fields));
    const errors = [
      rtnl.addRoute(ours('10.70.89.0/31', { protocol: 88 })),
      rtnl.addRoute(ours('fd00::/64', { metric: 0 })),
      rtnl.addRoute(ours('10.70.89.1/31')),
      rtnl.addRoute(ours('10.90.0.0/16', { dev: 'wg8' })),
      rtnl.addRoute(ours('10.90.0.0/16', { via: '192.0.2.1' })),
      rtnl.deleteRoute(ours('10.70.89.0/31', { protocol: 88 })),
      rtnl.deleteRoute(ours('10.70.89.0/31', { table: 3 })),
      rtnl.deleteRoute(ours('10.80.0.0/16', { via: '10.70.89.1', table: 70000, metric: 65 })),
      rtnl.deleteRoute(ours('fd00::/64', { metric: 1023 })),
      rtnl.deleteRoute(ours('0.0.0.0/0', { ...refusing, type: 'blackhole' })),
    ];
    const codes = await Promise.all(errors.map(code));
    await Promise.all(list.map((route) => rtnl.deleteRoute(route)));
    return { down, list, read, shown, codes, left: marked(await rtnl.routes()) };
  },

  async foreignRoutes(rtnl) {
    ip('link add wg7 type bridge');
    ip('link set wg7 up');
    ip('address add 10.0.0.2/24 dev wg7');
    ip('route add 10.82.0.0/16 table 9 nexthop via 10.0.0.1 dev wg7 nexthop via 10.0.0.3 dev wg7');
    ip('route add 10.83.0.0/16 tos 4 dev wg7 table 9');
    ip('route add throw 10.84.0.0/16 table 9 proto 12');
    ip('route add 10.85.0.0/16 via inet6 fe80::1 dev wg7 table 9');
    ip('-6 route add blackhole fd04::/64 table 9');
    return (await rtnl.routes()).filter(({ table }) => table === 9);
  },

  /** Each is read with all of its next hops, and deleted alone: the twin beside it, of another metric, stays. */
  async severalHops(rtnl) {
    for (const dev of ['wg7', 'wg8']) {
      ip(`link add ${dev} type bridge`);
      ip(`link set ${dev} up`);
    }
    ip('address add 10.0.7.1/24 dev wg7');
    ip('address add 10.0.8.1/24 dev wg8');
    const hops = 'nexthop via 10.0.7.2 dev wg7 nexthop via 10.0.8.2 dev wg8';
    const hops6 = 'nexthop via fe80::7 dev wg7 nexthop via fe80::8 dev wg8';
    ip('nexthop add id 7 via 10.0.7.2 dev wg7');
    ip('nexthop add id 8 via 10.0.8.2 dev wg8');
    ip('nexthop add id 9 group 7/8');
    ip('nexthop add id 6 via fe80::7 dev wg7');
    for (const metric of [32, 64]) {
      const place = `table 9 proto 12 metric ${metric}`;
      ip(`route add 10.81.0.0/16 ${place} ${hops}`);
      ip(`route add 10.82.0.0/16 ${place} nexthop via inet6 fe80::7 dev wg7 nexthop via 10.0.8.2 dev wg8`);
      ip(`route add 10.83.0.0/16 ${place} nhid 9`);
      ip(`route add 10.84.0.0/16 ${place} nhid 7`);
      ip(`-6 route add fd01::/64 ${place} ${hops6}`);
      ip(`-6 route add fd02::/64 ${place} nhid 6`);
    }
    const listed = await rtnl.routes({ table: 9 });
    const doomed = listed.filter(({ metric }) => metric === 32);
    const codes = await Promise.all(doomed.map((route) => code(rtnl.deleteRoute(route))));
    const added = doomed[0] === undefined ? '' : await code(rtnl.addRoute(doomed[0]));
    const left = (await rtnl.routes({ table: 9 })).map(({ metric }) => metric);
    const byLink = (await rtnl.routes({ table: 9, dev: 'wg8' })).map(({ dst }) => dst.address);
    return {
      hops: doomed.map(({ dst, dev, via, hops: all, nexthop }) => ({ dst: dst.address, dev, via, hops: all, nexthop })),
      codes,
      added,
      left,
      byLink,
    };
  },

  async staleIndex(rtnl) {
    ip('link add wg7 type bridge');
    await rtnl.links();
    ip('link del wg7');
    ip('link add wg7 type bridge');
    const address = { dev: 'wg7', prefix: prefix('10.70.89.1/31'), peer: undefined, protocol: 87 };
    await rtnl.addAddress(address);
    ip('link del wg7');
    return { gone: await code(rtnl.deleteAddress(address)), left: (await rtnl.addresses()).length };
  },
};
