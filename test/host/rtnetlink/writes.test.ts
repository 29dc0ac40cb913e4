import { describe, expect, it } from 'vitest';
import * as writes from '../../../src/host/rtnetlink/writes.ts';
import type { RouteInfo, RuleInfo } from '../../../src/host/types.ts';
import { parsePrefix, type Prefix } from '../../../src/net/ip.ts';

const prefix = (text: string): Prefix => parsePrefix(text) ?? expect.unreachable(text);
const route: RouteInfo = {
  table: 2,
  type: 'unicast',
  dst: prefix('10.70.89.0/31'),
  metric: 0,
  protocol: 87,
  dev: 'wg222',
  via: undefined,
};
const rule: RuleInfo = {
  family: 4,
  priority: 1031,
  action: 'lookup',
  table: 2,
  iif: 'wg222',
  from: undefined,
  to: undefined,
  protocol: 87,
  extra: '',
};
const address = { dev: 'wg222', prefix: prefix('10.70.89.1/31'), peer: undefined, protocol: 87 };

describe('operations', () => {
  it.each([
    [writes.addLink({ name: 'wg222', kind: 'wireguard', alias: 'wgospf', mtu: 1420 }), 'add link wg222 type wireguard'],
    [writes.deleteLink('wg222'), 'delete link wg222'],
    [writes.setLink('wg222', { up: false, mtu: 1280, alias: '' }), "set link wg222 down mtu 1280 alias ''"],
    [writes.changeAddress('add', address), 'add address 10.70.89.1/31 dev wg222'],
    [
      writes.changeAddress('delete', { ...address, prefix: prefix('10.2.0.1/32'), peer: '10.2.0.9' }),
      'delete address 10.2.0.1 peer 10.2.0.9/32 dev wg222',
    ],
    [writes.changeRoute('add', route), 'add route 10.70.89.0/31 dev wg222 table 2'],
    [
      writes.changeRoute('delete', { ...route, dst: prefix('::/0'), type: 'unreachable', dev: '', metric: 4294967295 }),
      'delete route unreachable ::/0 table 2 metric 4294967295',
    ],
    [
      writes.changeRoute('add', { ...route, via: '10.70.89.0' }),
      'add route 10.70.89.0/31 via 10.70.89.0 dev wg222 table 2',
    ],
    [writes.changeRule('delete', rule), 'delete rule 1031 iif wg222 lookup 2 (IPv4)'],
    [
      writes.changeRule('add', {
        ...rule,
        action: 'goto',
        target: 1100,
        from: prefix('10.0.0.0/8'),
        to: prefix('10.69.0.0/16'),
      }),
      'add rule 1031 from 10.0.0.0/8 to 10.69.0.0/16 iif wg222 goto 1100 (IPv4)',
    ],
  ])('%# is called %s', (write, text) => {
    expect(write.operation).toBe(text);
  });
});

describe('writes that are never sent', () => {
  it('an alias over 255 bytes is refused', () => {
    expect(() => writes.setLink('wg222', { alias: 'é'.repeat(128) })).toThrow('at most 255 bytes (EINVAL)');
    const link = { name: 'wg222', kind: 'dummy', alias: 'x'.repeat(256), mtu: undefined } as const;
    expect(() => writes.addLink(link)).toThrow('add link wg222 type dummy: an alias has at most 255 bytes (EINVAL)');
  });
  it('a rule with foreign attributes is neither added nor deleted', () => {
    expect(() => writes.changeRule('delete', { ...rule, extra: 'attr10=05000000' })).toThrow(
      'delete rule 1031 iif wg222 (attr10=05000000) lookup 2 (IPv4): a rule with attributes',
    );
    expect(() => writes.changeRule('add', { ...rule, action: 'other' })).toThrow('(EINVAL)');
  });
  it('a route without a next hop, or of an unknown type, is refused', () => {
    expect(() => writes.changeRoute('delete', { ...route, dev: '' })).toThrow('needs a device or a gateway (EINVAL)');
    expect(() => writes.changeRoute('delete', { ...route, type: 'other' })).toThrow('(EINVAL)');
  });
});
