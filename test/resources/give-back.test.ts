// Who uses a borrowed link that is given back, by the objects on it.
import { expect, test } from 'vitest';
import type { AddressInfo, LinkInfo, RouteInfo } from '../../src/host/types.ts';
import { userOf, type Uses } from '../../src/resources/link/give-back.ts';

const link = (name: string, over: Partial<LinkInfo> = {}): LinkInfo => ({
  ...{ index: 2, name, kind: '', up: true, mtu: 1500, alias: '', master: '' },
  ...over,
});

const address = (protocol: number, text = '192.168.9.1'): AddressInfo => ({
  ...{ dev: 'eth1', peer: undefined, protocol },
  prefix: text.includes(':') ? { family: 6, address: text, length: 64 } : { family: 4, address: text, length: 24 },
});

const route = (protocol: number): RouteInfo => ({
  ...{ table: 254, type: 'unicast', dst: { family: 4, address: '192.168.10.0', length: 24 }, metric: 0, protocol },
  ...{ dev: 'eth1', via: '192.168.9.2' },
});

const uses = (over: Partial<Uses>): Uses => ({ links: [link('eth1')], addresses: [], routes: [], ...over });

test.each([
  ['an address', uses({ addresses: [address(0)] }), '192.168.9.1/24 is on it'],
  ['a route', uses({ routes: [route(3)] }), 'a route to 192.168.10.0/24 leads over it'],
  [
    'a bridge',
    uses({ links: [link('eth1', { master: 'br0' }), link('br0', { kind: 'bridge' })] }),
    'it belongs to br0',
  ],
  ['a VLAN', uses({ links: [link('eth1'), link('eth1.7', { kind: 'vlan' })] }), 'eth1.7 is on it'],
])('%s of others is a use', (_what, found, why) => {
  expect(userOf('eth1', found)).toBe(why);
});

test.each([
  ['our own address', uses({ addresses: [address(87)] })],
  ['a link-local address', uses({ addresses: [address(0, 'fe80::1')] })],
  ["an address of the kernel's own", uses({ addresses: [address(2, '2001:db8::1')] })],
  ["our routes, BIRD's and the kernel's", uses({ routes: [route(87), route(12), route(2), route(9)] })],
  ['our VRF', uses({ links: [link('eth1', { master: 'nycmesh' }), link('nycmesh', { kind: 'vrf' })] })],
  ['a VLAN that is down', uses({ links: [link('eth1'), link('eth1.7', { kind: 'vlan', up: false })] })],
])('%s is no use', (_what, found) => {
  expect(userOf('eth1', found)).toBeUndefined();
});
