// Notifications as Linux 6.18 sent them for a bridge br7 (index 2) that was made, used, renamed and deleted.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Touch } from '../../../src/host/monitor-types.ts';
import { createEventDecoder, type EventDecoder } from '../../../src/host/rtnetlink/event.ts';
import { fixture } from './wire.ts';

const link = (type: string, name: string, flags: string): string =>
  `00000000 ${type} 0000 00000000 00000000 0000 0100 02000000 ${flags} ffffffff 0800 0300 ${name}00 0800 0400 dc050000`;
const BR7 = '627237';
const BR8 = '627238';
const newLink = fixture(link('1000', BR7, '43100100'));
const address = (type: string): string =>
  `4c000000${type}0000183d036b10350000 021f800002000000 080001000a070000 080002000a070000 08000300 62723700` +
  '0800080080000000 14000600ffffffffffffffff25a9070025a90700';
const route = (type: string, table: string): string =>
  `34000000${type}0006183d036b13350000 02100000fc57fd0100000000 08000f00${table} 080001000a010000 0800040002000000`;
const rule = (type: string): string =>
  `44000000${type}0000183d036b15350000 020000000200000100000000 08000f0002000000 08000e00ffffffff 0500150057000000` +
  '0800030062723700 0800060007040000';
const netconf = (ifindex: string, attribute: string): string =>
  `2400000050000000000000000000000002000000 08000100${ifindex} ${attribute}`;

describe('event decoder', () => {
  const asked: [number, number][] = [];
  const touches: Touch[] = [];
  let want = true;
  let decode: EventDecoder;
  beforeEach(() => {
    asked.length = 0;
    want = true;
    const wantRoute = (table: number, protocol: number): boolean => {
      asked.push([table, protocol]);
      return want;
    };
    decode = createEventDecoder({ wantRoute, onTouched: (touch) => touches.push(touch) });
    decode(newLink);
    touches.length = 0;
  });

  it('reads a link, and a deleted link with its last properties', () => {
    const object = { index: 2, name: 'br7', kind: '', up: true, mtu: 1500, alias: '', master: '' };
    expect(decode(newLink)).toEqual([{ kind: 'link', action: 'new', object }]);
    expect(decode(fixture(link('1100', BR7, '02100000')))).toEqual([
      { kind: 'link', action: 'deleted', object: { ...object, up: false } },
    ]);
  });

  it('reads a renamed link as a deleted one and a new one', () => {
    expect(decode(fixture(link('1000', BR8, '02100000')))).toMatchObject([
      { kind: 'link', action: 'deleted', object: { name: 'br7', index: 2 } },
      { kind: 'link', action: 'new', object: { name: 'br8', index: 2 } },
    ]);
  });

  it.each([
    ['new', '1400'],
    ['deleted', '1500'],
  ])('an address that is %s has the name of its link', (action, type) => {
    expect(decode(fixture(address(type)))).toEqual([
      {
        kind: 'address',
        action,
        object: { dev: 'br7', prefix: { family: 4, address: '10.7.0.0', length: 31 }, peer: undefined, protocol: 0 },
      },
    ]);
  });

  it('ignores an address of an unknown link', () => {
    decode(fixture(link('1100', BR7, '02100000')));
    expect(decode(fixture(address('1500')))).toEqual([]);
  });

  it.each([
    ['new', '1800'],
    ['deleted', '1900'],
  ])('reads a route that is %s, in a table above 255', (action, type) => {
    expect(decode(fixture(route(type, '2c010000')))).toEqual([
      {
        kind: 'route',
        action,
        object: {
          table: 300,
          type: 'unicast',
          dst: { family: 4, address: '10.1.0.0', length: 16 },
          metric: 0,
          protocol: 87,
          dev: 'br7',
          via: undefined,
        },
      },
    ]);
    expect(asked).toEqual([[300, 87]]);
  });

  it('does not decode a route that nobody wants', () => {
    want = false;
    expect(decode(fixture(route('1800', '2c010000')))).toEqual([]);
  });

  it.each([
    ['new', '2000'],
    ['deleted', '2100'],
  ])('reads a rule that is %s', (action, type) => {
    expect(decode(fixture(rule(type)))).toMatchObject([
      {
        kind: 'rule',
        action,
        object: { priority: 1031, iif: 'br7', action: 'lookup', table: 2, protocol: 87, extra: '' },
      },
    ]);
  });

  it.each([
    ['rp_filter of a link', netconf('02000000', '0800030002000000'), 'net.ipv4.conf.br7.rp_filter', '2'],
    ['forwarding of the host', netconf('ffffffff', '0800020001000000'), 'net.ipv4.ip_forward', '1'],
    ['forwarding of a link', netconf('02000000', '0800020000000000'), 'net.ipv4.conf.br7.forwarding', '0'],
  ])('reads a setting: %s', (_, hex, name, value) => {
    expect(decode(fixture(hex))).toEqual([{ kind: 'setting', action: 'new', object: { name, value } }]);
  });

  it('ignores the settings of future links', () => {
    expect(decode(fixture(netconf('feffffff', '0800020001000000')))).toEqual([]);
  });

  it.each([
    ['a link', newLink, { kind: 'link' }],
    [
      'an address of a link that nobody told of',
      fixture(address('1500').replaceAll('02000000', '09000000')),
      { kind: 'address' },
    ],
    ['a route that nobody wants', fixture(route('1800', '2c010000')), { kind: 'route', table: 300, protocol: 87 }],
    ['a rule', fixture(rule('2100')), { kind: 'rule' }],
    ['a setting', fixture(netconf('feffffff', '0800020001000000')), { kind: 'setting' }],
    ['a next hop', { ...newLink, type: 105 }, { kind: 'nexthop' }],
  ] as const)('the touched objects are reported before the message is read: %s', (_, message, touch) => {
    want = false;
    decode(message);
    expect(touches).toEqual([touch]);
  });

  it('ignores unknown messages', () => {
    expect(decode({ ...newLink, type: 28 })).toEqual([]);
    expect(decode({ ...newLink, type: 15 })).toEqual([]);
    expect(decode({ ...fixture(route('1800', '2c010000')), end: 20 })).toEqual([]);
  });
});
