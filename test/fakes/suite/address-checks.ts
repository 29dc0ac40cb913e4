// Addresses beside each other: which are equal, which depend on another one, and what is removed with the last one.
import { expect } from 'vitest';
import type { Check } from './lab.ts';
import { address, addressesOn, route, routesOn, WITHIN } from './lab.ts';

export const addressChecks: Check[] = [
  {
    name: 'an address exists once; IPv4 distinguishes networks, IPv6 only addresses',
    run: async (lab) => {
      const { rtnl } = lab.host;
      await rtnl.addAddress(address('v0', '10.0.0.1/24'));
      await expect(rtnl.addAddress(address('v0', '10.0.0.1/24'))).rejects.toMatchObject({ code: 'EEXIST' });
      await rtnl.addAddress(address('v0', '10.0.0.1/31'));
      await rtnl.addAddress(address('v1', '10.0.0.1/24'));
      await rtnl.addAddress(address('v0', 'fd00::1/64'));
      await expect(rtnl.addAddress(address('v0', 'fd00::1/64'))).rejects.toMatchObject({ code: 'EEXIST' });
      await expect(rtnl.addAddress(address('v0', 'fd00::1/80'))).rejects.toMatchObject({ code: 'EEXIST' });
      expect(await addressesOn(lab, 'v0')).toEqual(['10.0.0.1/24', '10.0.0.1/31', 'fd00::1/64']);
    },
  },
  {
    name: 'a missing address cannot be deleted',
    run: async ({ host: { rtnl } }) => {
      await rtnl.addAddress(address('v0', '10.0.0.1/24'));
      for (const missing of ['10.0.0.2/24', '10.0.0.1/31', 'fd00::1/64']) {
        await expect(rtnl.deleteAddress(address('v0', missing))).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
      }
      await expect(rtnl.deleteAddress(address('v9', '10.0.0.1/24'))).rejects.toMatchObject({ code: 'ENODEV' });
    },
  },
  {
    name: 'deleting the first IPv4 address of a network deletes the others',
    run: async (lab) => {
      await lab.host.rtnl.addAddress(address('v0', '10.0.0.1/24'));
      await lab.host.rtnl.addAddress(address('v0', '10.0.0.2/24'));
      await lab.host.rtnl.addAddress(address('v0', '10.0.0.3/25'));
      await lab.host.rtnl.deleteAddress(address('v0', '10.0.0.1/24'));
      expect(await addressesOn(lab, 'v0')).toEqual(['10.0.0.3/25']);
    },
  },
  {
    name: 'with promote_secondaries the next address of the network replaces it',
    run: async (lab) => {
      await lab.host.sysctl.write('net.ipv4.conf.v0.promote_secondaries', '1');
      await lab.host.rtnl.addAddress(address('v0', '10.0.0.1/24'));
      await lab.host.rtnl.addAddress(address('v0', '10.0.0.2/24'));
      await lab.host.rtnl.addRoute(route('10.9.0.0/16', { dev: 'v0' }));
      await lab.host.rtnl.deleteAddress(address('v0', '10.0.0.1/24'));
      expect(await addressesOn(lab, 'v0')).toEqual(['10.0.0.2/24']);
      await expect
        .poll(() => routesOn(lab, 'v0'), WITHIN)
        .toEqual([
          '2 unicast 10.9.0.0/16 metric 0 proto 87',
          '254 unicast 10.0.0.0/24 metric 0 proto 2',
          '255 broadcast 10.0.0.255/32 metric 0 proto 2',
          '255 local 10.0.0.2/32 metric 0 proto 2',
        ]);
    },
  },
  {
    name: 'a link that loses its last IPv4 address loses its IPv4 routes in every table',
    run: async (lab) => {
      const { rtnl } = lab.host;
      await rtnl.addAddress(address('v0', '10.0.0.1/24'));
      await rtnl.addAddress(address('v0', '10.1.0.1/24'));
      await rtnl.addAddress(address('v0', 'fd00::1/64'));
      await rtnl.addRoute(route('10.9.0.0/16', { dev: 'v0' }));
      await rtnl.addRoute(route('fd09::/64', { dev: 'v0' }));
      await rtnl.deleteAddress(address('v0', '10.0.0.1/24'));
      await expect.poll(() => routesOn(lab, 'v0'), WITHIN).toContain('2 unicast 10.9.0.0/16 metric 0 proto 87');
      await rtnl.deleteAddress(address('v0', '10.1.0.1/24'));
      await rtnl.deleteAddress(address('v0', 'fd00::1/64'));
      await expect.poll(() => routesOn(lab, 'v0'), WITHIN).toEqual(['2 unicast fd09::/64 metric 1024 proto 87']);
    },
  },
  {
    name: 'a link with IPv6 switched off refuses IPv6 addresses and IPv6 routes',
    run: async (lab) => {
      await lab.host.rtnl.addAddress(address('v0', 'fd00::1/64'));
      await lab.host.sysctl.write('net.ipv6.conf.v0.disable_ipv6', '1');
      expect(await addressesOn(lab, 'v0')).toEqual([]);
      const { rtnl } = lab.host;
      await expect(rtnl.addAddress(address('v0', 'fd00::1/64'))).rejects.toMatchObject({ code: 'EACCES' });
      await expect(rtnl.addRoute(route('fd09::/64', { dev: 'v0' }))).rejects.toMatchObject({ code: 'EACCES' });
    },
  },
  {
    name: 'keep_addr_on_down keeps the IPv6 addresses of a link that goes down, except link-local ones',
    run: async (lab) => {
      const { rtnl, sysctl } = lab.host;
      const own = async (): Promise<string[]> =>
        (await rtnl.addresses()).filter((a) => a.dev === 'v0' && a.protocol === 87).map((a) => a.prefix.address);
      await sysctl.write('net.ipv6.conf.v0.keep_addr_on_down', '1');
      await rtnl.addAddress(address('v0', 'fd00::1/64', 87));
      await rtnl.addAddress(address('v0', 'fe80::8989/64', 87));
      await rtnl.setLink('v0', { up: false });
      expect(await own()).toEqual(['fd00::1']);
      await rtnl.setLink('v0', { up: true });
      await expect.poll(() => routesOn(lab, 'v0'), WITHIN).toContain('254 unicast fd00::/64 metric 256 proto 2');
      expect(await own()).toEqual(['fd00::1']);
    },
  },
  {
    name: 'with addr_gen_mode 1 a link that comes up gets no link-local address',
    run: async ({ host: { rtnl, sysctl } }) => {
      const linkLocals = async (): Promise<string[]> =>
        (await rtnl.addresses())
          .filter((a) => a.dev === 'v0' && a.prefix.address.startsWith('fe80:'))
          .map((a) => a.prefix.address);
      await expect.poll(linkLocals, WITHIN).toHaveLength(1);
      await rtnl.setLink('v0', { up: false });
      expect(await linkLocals()).toEqual([]);
      await sysctl.write('net.ipv6.conf.v0.addr_gen_mode', '1');
      await rtnl.addAddress(address('v0', 'fe80::8989/64', 87));
      await rtnl.setLink('v0', { up: true });
      expect(await linkLocals()).toEqual(['fe80::8989']);
    },
  },
  {
    name: 'the settings under net.*.conf come and go with a link, and forwarding is set for all at once',
    run: async ({ host: { sysctl }, type }) => {
      expect(await sysctl.read('net.ipv4.conf.v7.rp_filter')).toBeUndefined();
      await expect(sysctl.write('net.ipv4.conf.v7.rp_filter', '2')).rejects.toMatchObject({ code: 'ENOENT' });
      await sysctl.write('net.ipv4.conf.default.rp_filter', '2');
      await type('ip link add v7 type bridge');
      expect(await sysctl.read('net.ipv4.conf.v7.rp_filter')).toBe('2');
      expect(await sysctl.read('net.ipv4.conf.v0.rp_filter')).toBe('0');
      await sysctl.write('net.ipv4.ip_forward', '1');
      await sysctl.write('net.ipv6.conf.all.forwarding', '1');
      expect(await sysctl.read('net.ipv4.conf.v0.forwarding')).toBe('1');
      expect(await sysctl.read('net.ipv6.conf.v0.forwarding')).toBe('1');
    },
  },
];
