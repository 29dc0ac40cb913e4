// Where a packet would go: rules before tables, the longest prefix in a table, and refused packets.
import { expect } from 'vitest';
import type { RouteAnswer } from '../../../src/host/types.ts';
import type { Check, SuiteLab } from './lab.ts';
import { address, prefix, route, rule } from './lab.ts';

const boot = `
ip address add 192.0.2.1/24 dev v0
ip address add 10.69.1.1/24 dev v1
ip -6 address add 2001:db8::1/64 dev v0 nodad
`;

async function whereTo(lab: SuiteLab, to: string, from?: string, iif = ''): Promise<RouteAnswer | undefined> {
  return (await lab.host.rtnl.lookUp([{ to, from, iif }]))[0];
}

const refused = (code: string): RouteAnswer => ({ verdict: 'refused', code });
const out = (dev: string, table: number): RouteAnswer => ({ verdict: 'forward', dev, table });

export const lookUpChecks: Check[] = [
  {
    name: 'a packet of the host uses the longest prefix, or is local, or has no route',
    run: async (lab) => {
      await lab.type(boot);
      expect(await whereTo(lab, '192.0.2.9')).toEqual(out('v0', 254));
      expect(await whereTo(lab, '192.0.2.1')).toEqual({ verdict: 'local' });
      expect(await whereTo(lab, '203.0.113.1')).toEqual(refused('ENETUNREACH'));
      await lab.host.rtnl.addRoute(route('192.0.2.8/29', { table: 254, dev: 'v1' }));
      expect(await whereTo(lab, '192.0.2.9')).toEqual(out('v1', 254));
    },
  },
  {
    name: 'rules are asked in order, by interface, source and destination, and a goto skips the rules between',
    run: async (lab) => {
      await lab.type(boot);
      const { rtnl } = lab.host;
      await rtnl.addRoute(route('198.51.100.0/24', { table: 2, dev: 'v1' }));
      await rtnl.addRule(rule(1010, { iif: 'lo', to: prefix('198.51.100.0/24') }));
      expect(await whereTo(lab, '198.51.100.9')).toEqual(out('v1', 2));
      await rtnl.addRule(rule(1005, { iif: 'lo', from: prefix('192.0.2.0/24'), action: 'unreachable' }));
      expect(await whereTo(lab, '198.51.100.9', '192.0.2.1')).toEqual(refused('ENETUNREACH'));
      expect(await whereTo(lab, '198.51.100.9', '10.69.1.1')).toEqual(out('v1', 2));
      await rtnl.addRule(rule(1020, { action: 'nop' }));
      await rtnl.addRule(rule(1004, { iif: 'lo', action: 'goto', target: 1020 }));
      expect(await whereTo(lab, '198.51.100.9', '10.69.1.1')).toEqual(refused('ENETUNREACH'));
    },
  },
  {
    name: 'a packet that comes in through an interface matches the rules of that interface',
    run: async (lab) => {
      await lab.type(`${boot}sysctl -w net.ipv4.ip_forward=1`);
      const { rtnl } = lab.host;
      expect(await whereTo(lab, '192.0.2.9', '10.69.1.9', 'v1')).toEqual(out('v0', 254));
      await rtnl.addRule(rule(1099, { iif: 'v1', action: 'unreachable' }));
      expect(await whereTo(lab, '192.0.2.9', '10.69.1.9', 'v1')).toMatchObject({ verdict: 'refused' });
      expect(await whereTo(lab, '10.69.1.1', '10.69.1.9', 'v1')).toEqual({ verdict: 'local' });
    },
  },
  {
    name: 'a packet from an interface that does not forward is refused for IPv4, and answered for IPv6',
    run: async (lab) => {
      await lab.type(`${boot}sysctl -w net.ipv4.ip_forward=0\nip -6 address add fd69::1/64 dev v1 nodad`);
      expect(await whereTo(lab, '192.0.2.9', '10.69.1.9', 'v1')).toEqual(refused('EHOSTUNREACH'));
      expect(await whereTo(lab, '10.69.1.1', '10.69.1.9', 'v1')).toEqual({ verdict: 'local' });
      expect(await whereTo(lab, '2001:db8::9', 'fd69::9', 'v1')).toEqual(out('v0', 254));
    },
  },
  {
    name: 'an unreachable route is distinguished from other routes, in both families',
    run: async (lab) => {
      await lab.type(boot);
      const { rtnl } = lab.host;
      for (const [dst, to] of [
        ['0.0.0.0/0', '203.0.113.1'],
        ['::/0', '2001:db8:1::1'],
      ] as const) {
        await rtnl.addRoute(route(dst, { table: 254, type: 'unreachable', metric: 4294967295 }));
        expect(await whereTo(lab, to)).toEqual(refused('EHOSTUNREACH'));
      }
      expect(await whereTo(lab, '2001:db8::9')).toEqual(out('v0', 254));
      await rtnl.addRule(rule(1012, { family: 6, iif: 'lo', to: prefix('2001:db8::/32'), action: 'unreachable' }));
      expect(await whereTo(lab, '2001:db8::9')).toEqual(refused('ENETUNREACH'));
    },
  },
  {
    name: 'many questions are answered in order, and a missing interface is an error',
    run: async (lab) => {
      await lab.type(boot);
      await lab.host.rtnl.addAddress(address('v1', '10.69.9.1/32'));
      const queries = Array.from({ length: 600 }, (_, i) => ({
        to: i % 2 === 0 ? '10.69.9.1' : '192.0.2.9',
        from: undefined,
        iif: '',
      }));
      const answers = await lab.host.rtnl.lookUp(queries);
      expect(answers.map((a) => a.verdict)).toEqual(queries.map((_, i) => (i % 2 === 0 ? 'local' : 'forward')));
      await expect(whereTo(lab, '192.0.2.9', undefined, 'wg9')).rejects.toMatchObject({ code: 'ENODEV' });
    },
  },
];
