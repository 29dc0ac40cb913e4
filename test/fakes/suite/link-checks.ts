// Links and addresses: what appears and disappears together.
import { expect } from 'vitest';
import type { Check } from './lab.ts';
import { address, addressesOn, route, routesOn, WITHIN } from './lab.ts';

const CONNECTED = [
  '254 unicast 10.0.0.0/24 metric 0 proto 2',
  '255 broadcast 10.0.0.255/32 metric 0 proto 2',
  '255 local 10.0.0.1/32 metric 0 proto 2',
];
const CONNECTED6 = ['254 unicast fd00::/64 metric 256 proto 2', '255 local fd00::1/128 metric 0 proto 2'];

export const linkChecks: Check[] = [
  {
    name: 'up, MTU and alias of a link are changed by name',
    run: async ({ host: { rtnl } }) => {
      await rtnl.setLink('v0', { mtu: 1400, alias: 'wgospf' });
      await rtnl.setLink('v0', { up: false });
      const found = (await rtnl.links()).find(({ name }) => name === 'v0');
      expect(found).toMatchObject({ kind: 'veth', up: false, mtu: 1400, alias: 'wgospf' });
      await rtnl.setLink('v0', { alias: '' });
      expect((await rtnl.links()).find(({ name }) => name === 'v0')).toMatchObject({ alias: '', mtu: 1400 });
    },
  },
  {
    name: 'a missing link, an MTU that is too small, and lo are refused',
    run: async ({ host: { rtnl } }) => {
      await expect(rtnl.setLink('v9', { up: true })).rejects.toMatchObject({ code: 'ENODEV' });
      await expect(rtnl.deleteLink('v9')).rejects.toMatchObject({ code: 'ENODEV' });
      await expect(rtnl.setLink('v0', { mtu: 1 })).rejects.toMatchObject({ code: 'EINVAL' });
      await expect(rtnl.deleteLink('lo')).rejects.toMatchObject({ code: 'EOPNOTSUPP' });
      await expect(rtnl.addAddress(address('v9', '10.0.0.1/24'))).rejects.toMatchObject({ code: 'ENODEV' });
    },
  },
  {
    name: 'a deleted link takes its addresses, its routes and its other end along',
    run: async (lab) => {
      const { rtnl } = lab.host;
      await rtnl.addAddress(address('v0', '10.0.0.1/24'));
      await rtnl.addAddress(address('v0', 'fd00::1/64'));
      await rtnl.addRoute(route('10.9.0.0/16', { dev: 'v0' }));
      await rtnl.deleteLink('v0');
      expect((await rtnl.links()).map(({ name }) => name)).toEqual(['lo']);
      expect(await addressesOn(lab, 'v0')).toEqual([]);
      expect((await rtnl.routes()).filter(({ dev }) => dev !== 'lo')).toEqual([]);
      expect(await lab.host.sysctl.read('net.ipv4.conf.v0.rp_filter')).toBeUndefined();
    },
  },
  {
    name: 'an address on a link that is up makes its routes, and removes them',
    run: async (lab) => {
      const { rtnl } = lab.host;
      await rtnl.addAddress(address('v0', '10.0.0.1/24', 87));
      await rtnl.addAddress(address('v0', 'fd00::1/64', 87));
      await expect.poll(() => routesOn(lab, 'v0'), WITHIN).toEqual([...CONNECTED6, ...CONNECTED].toSorted());
      expect((await rtnl.addresses()).find((a) => a.prefix.address === '10.0.0.1')?.protocol).toBe(87);
      await rtnl.deleteAddress(address('v0', '10.0.0.1/24'));
      await rtnl.deleteAddress(address('v0', 'fd00::1/64'));
      await expect.poll(() => routesOn(lab, 'v0'), WITHIN).toEqual([]);
    },
  },
  {
    name: 'a /31 has no broadcast address, a /32 no network, a peer its own route',
    run: async (lab) => {
      await lab.host.rtnl.addAddress(address('v0', '10.70.89.0/31'));
      await lab.host.rtnl.addAddress(address('v0', '10.1.0.1/32'));
      await lab.type('ip address add 10.2.0.1 peer 10.2.0.2/32 dev v0');
      await expect
        .poll(() => routesOn(lab, 'v0'), WITHIN)
        .toEqual([
          '254 unicast 10.2.0.2/32 metric 0 proto 2',
          '254 unicast 10.70.89.0/31 metric 0 proto 2',
          '255 local 10.1.0.1/32 metric 0 proto 2',
          '255 local 10.2.0.1/32 metric 0 proto 2',
          '255 local 10.70.89.0/32 metric 0 proto 2',
        ]);
      expect(await addressesOn(lab, 'v0')).toEqual(['10.1.0.1/32', '10.2.0.1/32 peer 10.2.0.2', '10.70.89.0/31']);
    },
  },
  {
    name: 'an address on a link that is down gets its network routes when the link comes up',
    run: async (lab) => {
      await lab.host.rtnl.setLink('v0', { up: false });
      await lab.host.rtnl.addAddress(address('v0', '10.0.0.1/24'));
      await lab.host.rtnl.addAddress(address('v0', 'fd00::1/64'));
      await expect
        .poll(() => routesOn(lab, 'v0'), WITHIN)
        .toEqual(['255 local 10.0.0.1/32 metric 0 proto 2', '255 local fd00::1/128 metric 0 proto 2']);
      await lab.host.rtnl.setLink('v0', { up: true });
      await expect.poll(() => routesOn(lab, 'v0'), WITHIN).toEqual([...CONNECTED6, ...CONNECTED].toSorted());
    },
  },
  {
    name: 'a link that goes down loses its routes and its IPv6 addresses, and gets its IPv4 networks back when it comes up',
    run: async (lab) => {
      const { rtnl } = lab.host;
      await rtnl.addAddress(address('v0', '10.0.0.1/24'));
      await rtnl.addAddress(address('v0', 'fd00::1/64'));
      await rtnl.addRoute(route('10.9.0.0/16', { dev: 'v0' }));
      await rtnl.addRoute(route('fd09::/64', { dev: 'v0' }));
      await rtnl.setLink('v0', { up: false });
      await expect.poll(() => routesOn(lab, 'v0'), WITHIN).toEqual(['255 local 10.0.0.1/32 metric 0 proto 2']);
      expect(await addressesOn(lab, 'v0')).toEqual(['10.0.0.1/24']);
      await rtnl.setLink('v0', { up: true });
      await expect.poll(() => routesOn(lab, 'v0'), WITHIN).toEqual(CONNECTED);
    },
  },
  {
    name: 'a link is enslaved to a master and released',
    run: async (lab) => {
      const { rtnl } = lab.host;
      await lab.type('ip link add br0 type bridge');
      const masterOf = async (): Promise<string | undefined> =>
        (await rtnl.links()).find(({ name }) => name === 'v0')?.master;
      expect(await masterOf()).toBe('');
      await rtnl.setLink('v0', { master: 'br0' });
      expect(await masterOf()).toBe('br0');
      await rtnl.setLink('v0', { master: 'br0' });
      await expect(rtnl.setLink('v0', { master: 'br9' })).rejects.toMatchObject({ code: 'ENODEV' });
      await expect(rtnl.setLink('v0', { master: 'v1' })).rejects.toMatchObject({ code: 'EOPNOTSUPP' });
      await rtnl.setLink('v0', { master: '' });
      expect(await masterOf()).toBe('');
    },
  },
  {
    name: 'a link with an MTU under 1280 has no IPv6',
    run: async (lab) => {
      await lab.host.rtnl.addAddress(address('v0', 'fd00::1/64'));
      await lab.host.rtnl.setLink('v0', { mtu: 1279 });
      expect(await addressesOn(lab, 'v0')).toEqual([]);
      expect((await routesOn(lab, 'v0')).filter((r) => r.includes('fd00'))).toEqual([]);
    },
  },
];
