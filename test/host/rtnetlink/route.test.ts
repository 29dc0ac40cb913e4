import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RTM_NEWROUTE } from '../../../src/host/rtnetlink/constants.ts';
import { decodeRoute, encodeRouteChange } from '../../../src/host/rtnetlink/route.ts';
import type { RouteInfo } from '../../../src/host/types.ts';
import { parsePrefix, type Prefix } from '../../../src/net/ip.ts';
import * as arbitrary from './arbitraries.ts';
import { echoed, fixture } from './wire.ts';

const dst = (text: string): Prefix => parsePrefix(text) ?? expect.unreachable(text);

// captured from Linux 6.18
const refusing =
  '2c000000 1800 0200 04000000 756d0008  02 00 00 00 02 57 00 07 00000000  08000f00 02000000 08000600 ffffffff';
const viaIPv6 = `
  4c000000 1800 0200 04000000 756d0008  02 10 00 00 02 03 00 01 00000000  08000f00 02000000  08000100 0a510000
  16001200 0a00 fe800000000000000000000000000001 0000  08000400 02000000`;
const gateway6 = `
  64000000 1800 0200 05000000 756d0008  0a 40 00 00 02 03 00 01 00000000  08000f00 02000000
  14000100 fd020000000000000000000000000000  08000600 00040000  14000500 fe800000000000000000000000000001  08000400 02000000`;
const refusing6 = `
  34000000 1800 0200 05000000 756d0008  0a 00 00 00 02 57 00 07 00000000  08000f00 02000000
  08000600 ffffffff  08000400 01000000`;
const severalHops = `
  44000000 1800 0200 05000000 756d0008  02 10 00 00 02 03 00 01 00000000  08000f00 02000000  08000100 0a520000
  18000900  0800 00 00 02000000  1000 00 00 02000000 08000500 0a465900`;

const decode = (hex: string): ReturnType<typeof decodeRoute> => decodeRoute(fixture(hex));
const patched = (hex: string, offset: number, byte: number): string => {
  const bytes = Buffer.from(hex.replaceAll(/\s/g, ''), 'hex');
  bytes[offset] = byte;
  return bytes.toString('hex');
};

describe('decodeRoute', () => {
  it('reads a default route without RTA_DST', () => {
    expect(decode(refusing)).toEqual({
      table: 2,
      type: 'unreachable',
      dst: dst('0.0.0.0/0'),
      metric: 4294967295,
      protocol: 87,
      ifindex: 0,
      via: undefined,
    });
  });
  it('reads a gateway of the same and of the other family', () => {
    expect(decode(viaIPv6)).toMatchObject({
      dst: dst('10.81.0.0/16'),
      via: 'fe80::1',
      ifindex: 2,
      metric: 0,
      protocol: 3,
    });
    expect(decode(gateway6)).toMatchObject({ dst: dst('fd02::/64'), via: 'fe80::1', ifindex: 2, metric: 1024 });
  });
  it('leaves out the `dev lo` of an unreachable IPv6 route', () => {
    expect(decode(refusing6)).toMatchObject({ type: 'unreachable', dst: dst('::/0'), ifindex: 0 });
  });
  it('has no device and gateway for several next hops', () => {
    expect(decode(severalHops)).toMatchObject({
      type: 'unicast',
      dst: dst('10.82.0.0/16'),
      ifindex: 0,
      via: undefined,
    });
  });
  it('uses rtm_table if RTA_TABLE is missing', () => {
    expect(decode('1c000000 1800 0200 04000000 00000000  02 00 00 00 fe 02 00 01 00000000')).toMatchObject({
      table: 254,
    });
  });
  it('calls a route with a TOS or a source prefix `other`, because a RouteInfo cannot describe it', () => {
    expect(decode(patched(refusing, 16 + 3, 4))).toMatchObject({ type: 'other' });
    expect(decode(patched(refusing, 16 + 2, 64))).toMatchObject({ type: 'other' });
    expect(decode(patched(refusing, 16 + 7, 4))).toMatchObject({ type: 'other' });
  });
  it('ignores cached routes, other families and other messages', () => {
    expect(decode(patched(gateway6, 16 + 9, 2))).toBeUndefined();
    expect(decode(patched(refusing, 16, 128))).toBeUndefined();
    expect(decodeRoute({ ...fixture(refusing), type: 25 })).toBeUndefined();
  });
});

describe('encodeRouteChange', () => {
  const route: RouteInfo = {
    table: 70000,
    type: 'unicast',
    dst: dst('10.70.89.0/31'),
    metric: 0,
    protocol: 87,
    dev: 'wg7',
    via: undefined,
  };
  const scope = (action: 'add' | 'delete', change: Partial<RouteInfo>): number | undefined =>
    encodeRouteChange(action, { ...route, ...change }, 9)[16 + 6];

  it('adds with REQUEST | ACK | CREATE | EXCL', () => {
    expect(encodeRouteChange('add', route, 9).subarray(4).toString('hex')).toBe(
      '1800' +
        '0506' +
        '00'.repeat(8) +
        '021f0000' +
        '0057fd01' +
        '00000000' +
        '08000f0070110100' +
        '080001000a465900' +
        '0800060000000000' +
        '0800040009000000',
    );
  });
  it('deletes with every field and any scope', () => {
    expect(
      encodeRouteChange('delete', { ...route, metric: 7, via: '10.70.89.1' }, 9)
        .subarray(4)
        .toString('hex'),
    ).toBe(
      '1900' +
        '0500' +
        '00'.repeat(8) +
        '021f0000' +
        '0057ff01' +
        '00000000' +
        '08000f0070110100' +
        '080001000a465900' +
        '0800060007000000' +
        '080005000a465901' +
        '0800040009000000',
    );
  });
  it('chooses the scope as ip(8) does', () => {
    expect(scope('add', {})).toBe(253);
    expect(scope('add', { via: '10.70.89.1' })).toBe(0);
    expect(scope('add', { type: 'unreachable', dev: '' })).toBe(0);
    expect(scope('delete', { type: 'unreachable', dev: '' })).toBe(255);
    expect(scope('add', { type: 'local' })).toBe(254);
  });
  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(arbitrary.route, ({ dev, ...wanted }) => {
        const ifindex = dev === '' ? 0 : 9;
        const message = encodeRouteChange('add', { dev, ...wanted }, ifindex);
        expect(decodeRoute(echoed(message, RTM_NEWROUTE))).toEqual({ ifindex, ...wanted });
      }),
    );
  });
});
