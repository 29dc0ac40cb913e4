// Routes: which a table accepts and refuses, and which a delete finds.
import { expect } from 'vitest';
import type { RouteTouch } from '../../../src/host/types.ts';
import { formatPrefix } from '../../../src/net/ip.ts';
import type { Check } from './lab.ts';
import { address, prefix, route, routesOn, WITHIN } from './lab.ts';

const MAX = 4294967295;

export const routeChecks: Check[] = [
  {
    name: 'a route needs an existing link that is up, and a destination without host bits',
    run: async (lab) => {
      const { rtnl } = lab.host;
      await expect(rtnl.addRoute(route('10.9.0.0/16', { dev: 'v9' }))).rejects.toMatchObject({ code: 'ENODEV' });
      await expect(rtnl.addRoute(route('10.9.0.1/16', { dev: 'v0' }))).rejects.toMatchObject({ code: 'EINVAL' });
      await rtnl.setLink('v0', { up: false });
      for (const dst of ['10.9.0.0/16', 'fd09::/64']) {
        await expect(rtnl.addRoute(route(dst, { dev: 'v0' }))).rejects.toMatchObject({ code: 'ENETDOWN' });
      }
    },
  },
  {
    name: 'IPv6 clears host bits itself, and reads a metric of 0 as 1024',
    run: async (lab) => {
      await lab.host.rtnl.addRoute(route('fd09::1/64', { dev: 'v0' }));
      await expect.poll(() => routesOn(lab, 'v0'), WITHIN).toEqual(['2 unicast fd09::/64 metric 1024 proto 87']);
      await lab.host.rtnl.deleteRoute(route('fd09::/64', { dev: 'v0', metric: 1024 }));
      await expect.poll(() => routesOn(lab, 'v0'), WITHIN).toEqual([]);
    },
  },
  {
    name: 'each link has its own route to the link-local and the multicast network',
    run: async (lab) => {
      const { rtnl } = lab.host;
      for (const dev of ['v0', 'v1']) {
        const shared = { dev, table: 7, metric: 256, protocol: 2 } as const;
        await rtnl.addRoute(route('fe80::/64', shared));
        await rtnl.addRoute(route('ff00::/8', { ...shared, type: 'multicast' }));
        await expect(rtnl.addRoute(route('fe80::/64', shared))).rejects.toMatchObject({ code: 'EEXIST' });
      }
      const found = (await rtnl.routes()).filter(({ table }) => table === 7);
      expect(found.map(({ type, dev }) => `${type} ${dev}`).sort()).toEqual([
        ...['multicast v0', 'multicast v1', 'unicast v0', 'unicast v1'],
      ]);
      await rtnl.deleteRoute(route('fe80::/64', { dev: 'v1', table: 7, metric: 256, protocol: 2 }));
      const left = (await rtnl.routes()).filter(({ table, type }) => table === 7 && type === 'unicast');
      expect(left.map(({ dev }) => dev)).toEqual(['v0']);
    },
  },
  {
    name: 'deleted connected and local routes can be made again, and are deleted with their address',
    run: async (lab) => {
      const { rtnl } = lab.host;
      await rtnl.addAddress(address('v0', '10.9.1.1/24'));
      const local = route('10.9.1.1/32', { type: 'local', dev: 'v0', table: 7, protocol: 2, src: '10.9.1.1' });
      const connected = route('10.9.1.0/24', { dev: 'v0', table: 254, protocol: 2, src: '10.9.1.1' });
      await rtnl.deleteRoute(connected);
      await rtnl.addRoute(connected);
      await rtnl.addRoute(local);
      const of = async (): Promise<string[]> =>
        (await rtnl.routes())
          .filter(({ dst, dev, table }) => dev === 'v0' && dst.address.startsWith('10.9.1.') && table !== 255)
          .map(({ type, table, protocol }) => `${type} ${table} ${protocol}`)
          .sort();
      expect(await of()).toEqual(['local 7 2', 'unicast 254 2']);
      await rtnl.deleteAddress(address('v0', '10.9.1.1/24'));
      await expect.poll(of, WITHIN).toEqual([]);
    },
  },
  {
    name: 'a table holds one route per destination and metric, whatever its link, type and protocol',
    run: async ({ host: { rtnl } }) => {
      for (const dst of ['10.9.0.0/16', 'fd09::/64']) {
        await rtnl.addRoute(route(dst, { dev: 'v0', metric: 7 }));
        const same = [
          { dev: 'v0', metric: 7 },
          { dev: 'v1', metric: 7, protocol: 4 },
          { type: 'unreachable', metric: 7 },
        ] as const;
        for (const more of same) {
          await expect(rtnl.addRoute(route(dst, more))).rejects.toMatchObject({ code: 'EEXIST' });
        }
        await rtnl.addRoute(route(dst, { dev: 'v1', metric: 8 }));
        await rtnl.addRoute(route(dst, { dev: 'v1', metric: 7, table: 3 }));
      }
    },
  },
  {
    name: 'an unreachable route has no link, in both families',
    run: async ({ host: { rtnl } }) => {
      const refusals = ['0.0.0.0/0', '::/0'].map((dst) => route(dst, { type: 'unreachable', metric: MAX }));
      for (const refusal of refusals) await rtnl.addRoute(refusal);
      const found = (await rtnl.routes()).filter(({ table }) => table === 2);
      expect(found.toSorted((a, b) => a.dst.family - b.dst.family)).toEqual(refusals);
      for (const refusal of refusals) await rtnl.deleteRoute(refusal);
      expect((await rtnl.routes()).filter(({ table }) => table === 2)).toEqual([]);
    },
  },
  {
    name: 'a listing has exactly the requested family, table, protocol or link',
    run: async (lab) => {
      const { rtnl } = lab.host;
      await rtnl.setLink('v0', { up: true });
      const [a, b, c] = [
        route('10.9.0.0/16', { dev: 'v0' }),
        route('fd09::/64', { dev: 'v0', table: 70000, metric: 7 }),
        route('10.9.0.0/16', { type: 'unreachable', metric: MAX, protocol: 12 }),
      ];
      for (const one of [a, b, c]) await rtnl.addRoute(one);
      expect(await rtnl.routes({ table: 2 })).toEqual([a, c]);
      expect(await rtnl.routes({ table: 70000 })).toEqual([b]);
      expect(await rtnl.routes({ table: 2, protocol: 12, family: 4 })).toEqual([c]);
      expect(await rtnl.routes({ protocol: 87, family: 6 })).toEqual([b]);
      expect(await rtnl.routes({ dev: 'v0', protocol: 87 })).toEqual([a, b]);
      expect(await rtnl.routes({ dev: 'nowhere' })).toEqual([]);
      expect(await rtnl.routes({ table: 3 })).toEqual([]);
    },
  },
  {
    name: 'a listing has exactly the routes that touch the requested network, link or defaults',
    run: async (lab) => {
      const { rtnl } = lab.host;
      for (const dev of ['v0', 'v1']) await rtnl.setLink(dev, { up: true });
      const routes = [
        route('10.9.0.0/16', { dev: 'v0' }),
        route('10.9.128.0/17', { dev: 'v1' }),
        route('10.8.0.0/13', { dev: 'v1' }),
        route('10.10.0.0/16', { type: 'unreachable', metric: MAX }),
        route('0.0.0.0/0', { dev: 'v1' }),
        route('fd09:8000::/17', { dev: 'v0', metric: 7 }),
        route('fd09::/17', { dev: 'v1', metric: 7 }),
        route('::/0', { dev: 'v1', metric: 7 }),
      ];
      for (const one of routes) await rtnl.addRoute(one);
      await lab.type('ip route add 10.7.0.0/16 table 2 nexthop dev v1 nexthop dev v0');
      const listed = async (touching: RouteTouch): Promise<string[]> =>
        (await rtnl.routes({ table: 2, touching })).map(({ dst }) => formatPrefix(dst)).toSorted();
      const inside = [prefix('10.9.0.0/17'), prefix('10.9.0.0/16'), prefix('fd09:8000::/18'), prefix('fd09::/17')];
      expect(await listed({ inside })).toEqual(['10.9.0.0/16', '10.9.128.0/17', 'fd09::/17']);
      expect(await listed({ devs: ['v0', 'nowhere'] })).toEqual(['10.7.0.0/16', '10.9.0.0/16', 'fd09:8000::/17']);
      expect(await listed({ defaults: true })).toEqual(['0.0.0.0/0', '::/0']);
      expect(await listed({ inside: [prefix('10.8.0.0/13')], devs: ['v0'] })).toEqual([
        '10.10.0.0/16',
        '10.7.0.0/16',
        '10.8.0.0/13',
        '10.9.0.0/16',
        '10.9.128.0/17',
        'fd09:8000::/17',
      ]);
      expect(await listed({ devs: ['nowhere'] })).toEqual([]);
    },
  },
  {
    name: 'a gateway must be reachable over a link, and the route has that link',
    run: async (lab) => {
      const { rtnl } = lab.host;
      await expect(rtnl.addRoute(route('10.9.0.0/16', { via: '10.0.0.2' }))).rejects.toMatchObject({
        code: 'ENETUNREACH',
      });
      await expect(rtnl.addRoute(route('fd09::/64', { via: 'fd00::2' }))).rejects.toMatchObject({
        code: 'EHOSTUNREACH',
      });
      await rtnl.addAddress(address('v0', '10.0.0.1/24'));
      await rtnl.addAddress(address('v0', 'fd00::1/64'));
      await rtnl.addRoute(route('10.9.0.0/16', { via: '10.0.0.2', dev: 'v0' }));
      await rtnl.addRoute(route('fd09::/64', { via: 'fd00::2', dev: 'v0' }));
      expect((await routesOn(lab, 'v0')).filter((r) => r.startsWith('2 '))).toEqual([
        '2 unicast 10.9.0.0/16 via 10.0.0.2 metric 0 proto 87',
        '2 unicast fd09::/64 via fd00::2 metric 1024 proto 87',
      ]);
    },
  },
  {
    name: 'a delete removes the equal route, and no other',
    run: async (lab) => {
      const { rtnl } = lab.host;
      for (const dst of ['10.9.0.0/16', 'fd09::/64']) {
        await rtnl.addRoute(route(dst, { dev: 'v0', metric: 7 }));
        const others = [{ table: 3 }, { metric: 8 }, { protocol: 12 }, { dev: 'v1' }] as const;
        for (const other of others) {
          const missing = route(dst, { dev: 'v0', metric: 7, ...other });
          await expect(rtnl.deleteRoute(missing)).rejects.toMatchObject({ code: 'ESRCH' });
        }
        await rtnl.deleteRoute(route(dst, { dev: 'v0', metric: 7 }));
        await expect(rtnl.deleteRoute(route(dst, { dev: 'v0', metric: 7 }))).rejects.toMatchObject({ code: 'ESRCH' });
      }
    },
  },
];
