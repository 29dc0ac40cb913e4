// Named network namespaces: what moves with a link and what it leaves behind, and what is separate.
import { expect } from 'vitest';
import type { Host, LinkInfo } from '../../../src/host/types.ts';
import type { Check, SuiteLab } from './lab.ts';
import { address, addressesOn, route, routesOn, rule, rulesOf, WITHIN } from './lab.ts';

async function makeNamespace({ host }: SuiteLab, name = 'mesh'): Promise<Host> {
  await host.netns.add(name);
  const inside = await host.netns.enter(name);
  if (inside === undefined) throw new Error(`there is no namespace ${name}`);
  return inside;
}

const linkOf = async (host: Pick<Host, 'rtnl'>, name: string): Promise<LinkInfo | undefined> =>
  (await host.rtnl.links()).find((link) => link.name === name);

export const namespaceChecks: Check[] = [
  {
    name: 'a namespace is listed and entered as long as it exists',
    run: async (lab) => {
      const { netns } = lab.host;
      expect([await netns.list(), await netns.enter('mesh')]).toEqual([[], undefined]);
      const inside = await makeNamespace(lab);
      await netns.add('other');
      expect(await netns.list()).toEqual(['mesh', 'other']);
      expect((await inside.rtnl.links()).map(({ name, up }) => [name, up])).toEqual([['lo', true]]);
      expect(await addressesOn({ ...lab, host: inside }, 'lo')).toEqual(['127.0.0.1/8', '::1/128']);
      await expect(netns.add('mesh')).rejects.toMatchObject({ code: 'EEXIST' });
      await netns.delete('mesh');
      expect([await netns.list(), await netns.enter('mesh')]).toEqual([['other'], undefined]);
      await expect(netns.delete('mesh')).rejects.toMatchObject({ code: 'ENOENT' });
    },
  },
  {
    name: 'a link that moves into a namespace arrives down, without addresses and routes; kind, MTU and alias stay',
    run: async (lab) => {
      const inside = await makeNamespace(lab);
      const { rtnl } = lab.host;
      await rtnl.setLink('v0', { mtu: 1400, alias: 'wgospf' });
      await rtnl.addAddress(address('v0', '10.0.0.1/24'));
      await rtnl.addRoute(route('10.9.0.0/16', { dev: 'v0' }));
      await rtnl.setLink('v0', { netns: 'mesh' });
      expect(await linkOf(lab.host, 'v0')).toBeUndefined();
      expect([await addressesOn(lab, 'v0'), await routesOn(lab, 'v0')]).toEqual([[], []]);
      expect(await linkOf(inside, 'v0')).toMatchObject({ kind: 'veth', up: false, mtu: 1400, alias: 'wgospf' });
      const there = { ...lab, host: inside };
      expect([await addressesOn(there, 'v0'), await routesOn(there, 'v0')]).toEqual([[], []]);
    },
  },
  {
    name: 'other settings of a move are made in the new namespace, and moving out works the same way',
    run: async (lab) => {
      const inside = await makeNamespace(lab);
      await lab.host.rtnl.setLink('v0', { netns: 'mesh', up: true, mtu: 1300 });
      expect(await linkOf(inside, 'v0')).toMatchObject({ up: true, mtu: 1300 });
      await inside.rtnl.addAddress(address('v0', '10.0.0.1/24'));
      await expect
        .poll(() => routesOn({ ...lab, host: inside }, 'v0'), WITHIN)
        .toContain('254 unicast 10.0.0.0/24 metric 0 proto 2');
      await inside.rtnl.setLink('v0', { netns: '', alias: 'back' });
      expect(await linkOf(inside, 'v0')).toBeUndefined();
      expect(await linkOf(lab.host, 'v0')).toMatchObject({ up: false, mtu: 1300, alias: 'back' });
      expect(await addressesOn(lab, 'v0')).toEqual([]);
    },
  },
  {
    name: 'a move to a missing namespace, to a used name, or of an immovable link is refused, and the link stays',
    run: async (lab) => {
      const inside = await makeNamespace(lab);
      const { rtnl } = lab.host;
      await expect(rtnl.setLink('v0', { netns: 'other' })).rejects.toMatchObject({ code: 'ENOENT' });
      await expect(rtnl.setLink('v9', { netns: 'mesh' })).rejects.toMatchObject({ code: 'ENODEV' });
      await expect(rtnl.setLink('lo', { netns: 'mesh' })).rejects.toMatchObject({ code: 'EINVAL' });
      await rtnl.setLink('v0', { netns: 'mesh' });
      await lab.type('ip link add v0 type veth peer name v2');
      await expect(rtnl.setLink('v0', { netns: 'mesh' })).rejects.toMatchObject({ code: 'EEXIST' });
      await expect(inside.rtnl.setLink('v0', { netns: '' })).rejects.toMatchObject({ code: 'EEXIST' });
      expect(await linkOf(lab.host, 'v0')).toMatchObject({ kind: 'veth' });
    },
  },
  {
    name: 'a namespace has its own rules, routes and sysctls',
    run: async (lab) => {
      const inside = await makeNamespace(lab);
      const there = { ...lab, host: inside };
      const before = [await rulesOf(lab, 4), await rulesOf(lab, 6)];
      expect([await rulesOf(there, 4), await rulesOf(there, 6)]).toEqual(before);
      await lab.host.rtnl.setLink('v0', { netns: 'mesh', up: true });
      await inside.rtnl.addRule(rule(1010, { iif: 'v0' }));
      await inside.rtnl.addAddress(address('v0', '10.0.0.1/24'));
      await inside.rtnl.addRoute(route('10.9.0.0/16', { via: '10.0.0.2', dev: 'v0', table: 254 }));
      await inside.sysctl.write('net.ipv4.ip_forward', '1');
      expect([await rulesOf(lab, 4), await rulesOf(lab, 6)]).toEqual(before);
      expect((await lab.host.rtnl.routes()).some(({ dst }) => dst.address === '10.9.0.0')).toBe(false);
      expect(await lab.host.sysctl.read('net.ipv4.ip_forward')).toBe('0');
      expect(await inside.sysctl.read('net.ipv4.ip_forward')).toBe('1');
      expect(await lab.host.sysctl.read('net.ipv4.conf.v0.rp_filter')).toBeUndefined();
      expect(await inside.sysctl.read('net.ipv4.conf.v0.rp_filter')).toBe('0');
      expect(await inside.sysctl.read('net.ipv4.conf.v1.rp_filter')).toBeUndefined();
      const [answer] = await inside.rtnl.lookUp([{ to: '10.9.1.1', from: undefined, iif: '' }]);
      expect(answer).toEqual({ verdict: 'forward', dev: 'v0', table: 254 });
    },
  },
  {
    name: 'deleting a namespace deletes its objects, and the other end of its cable',
    run: async (lab) => {
      await makeNamespace(lab);
      await lab.host.rtnl.setLink('v0', { netns: 'mesh' });
      await lab.host.netns.delete('mesh');
      // cleanup_net() runs at its own time
      await expect.poll(() => linkOf(lab.host, 'v1'), WITHIN).toBeUndefined();
      expect(await linkOf(lab.host, 'v0')).toBeUndefined();
    },
  },
];
