import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RTM_NEWRULE } from '../../../src/host/rtnetlink/constants.ts';
import { decodeRule, encodeRuleChange } from '../../../src/host/rtnetlink/rule.ts';
import { parsePrefix } from '../../../src/net/ip.ts';
import * as arbitrary from './arbitraries.ts';
import { echoed, fixture } from './wire.ts';

// captured from Linux 6.18
const guard = fixture(`
  4c000000 2000 0200 06000000 756d0008  02 10 00 00 00 00 00 07 00000000  08000f00 00000000  08000e00 ffffffff
  05001500 57000000  07000300 6c6f0000  08000600 f4030000  08000100 0a450000`);
const jump = fixture(`
  4c000000 2000 0200 06000000 756d0008  02 00 00 00 00 00 00 02 00000000  08000f00 00000000  08000e00 ffffffff
  05001500 57000000  07000300 6c6f0000  08000600 f5030000  08000400 4c040000`);
const lookup = fixture(`
  4c000000 2000 0200 06000000 756d0008  02 00 08 00 fc 00 00 01 00000000  08000f00 70110100  08000e00 ffffffff
  05001500 57000000  08000300 62723000  08000600 fd030000  08000200 0a000000`);
const foreign = fixture(`
  54000000 2000 0200 06000000 756d0008  02 00 00 00 03 00 00 01 02000000  08000f00 03000000  08000e00 00000000
  05001500 00000000  08001100 62723000  08000600 f4010000  08000a00 05000000  08001000 07000000`);
const first = fixture(`
  34000000 2000 0200 07000000 756d0008  0a 00 00 00 ff 00 00 01 00000000  08000f00 ff000000  08000e00 ffffffff
  05001500 02000000`);

const nothing = { iif: '', from: undefined, to: undefined, extra: '' };

describe('decodeRule', () => {
  it('reads guards, jumps and lookups', () => {
    expect(decodeRule(guard)).toEqual({
      ...nothing,
      family: 4,
      priority: 1012,
      action: 'unreachable',
      iif: 'lo',
      to: parsePrefix('10.69.0.0/16'),
      protocol: 87,
    });
    expect(decodeRule(jump)).toMatchObject({ action: 'goto', target: 1100, priority: 1013, extra: '' });
    expect(decodeRule(lookup)).toMatchObject({ action: 'lookup', table: 70000, from: parsePrefix('10.0.0.0/8') });
  });
  it('reads priority 0 where FRA_PRIORITY is missing', () => {
    expect(decodeRule(first)).toEqual({
      ...nothing,
      family: 6,
      priority: 0,
      action: 'lookup',
      table: 255,
      protocol: 2,
    });
  });
  it('puts all other attributes into `extra`', () => {
    expect(decodeRule(foreign)).toMatchObject({
      priority: 500,
      protocol: 0,
      mark: '0x5/0x7',
      oif: 'br0',
      extra: 'not attr14=00000000',
    });
  });
  it('puts a TOS and an unknown action into `extra`', () => {
    const bytes = Buffer.from(first.bytes);
    bytes[16 + 3] = 4;
    bytes[16 + 7] = 4;
    expect(decodeRule({ ...first, bytes })).toMatchObject({ action: 'other', extra: 'tos=4 action=4' });
  });
  it('ignores flags that only describe the state (FIB_RULE_IIF_DETACHED)', () => {
    const bytes = Buffer.from(lookup.bytes);
    bytes[16 + 8] = 8;
    expect(decodeRule({ ...lookup, bytes })).toEqual(decodeRule(lookup));
  });
  it('ignores multicast routing and other messages', () => {
    const bytes = Buffer.from(first.bytes);
    bytes[16] = 128;
    expect(decodeRule({ ...first, bytes })).toBeUndefined();
    expect(decodeRule({ ...first, type: 33 })).toBeUndefined();
  });
});

describe('encodeRuleChange', () => {
  it('adds with REQUEST | ACK | CREATE | EXCL', () => {
    const rule = decodeRule(guard) ?? expect.unreachable();
    expect(encodeRuleChange('add', rule).subarray(4).toString('hex')).toBe(
      '2000' +
        '0506' +
        '00'.repeat(8) +
        '02100000' +
        '00000007' +
        '00000000' +
        '08000600f4030000' +
        '070003006c6f0000' +
        '080001000a450000' +
        '0500150057000000',
    );
  });
  it('deletes with every field', () => {
    const rule = decodeRule(lookup) ?? expect.unreachable();
    expect(encodeRuleChange('delete', rule).subarray(4).toString('hex')).toBe(
      '2100' +
        '0500' +
        '00'.repeat(8) +
        '02000800' +
        '00000001' +
        '00000000' +
        '08000600fd030000' +
        '0800030062723000' +
        '080002000a000000' +
        '08000f0070110100' +
        '0500150057000000',
    );
  });
  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(arbitrary.rule, (rule) => {
        expect(decodeRule(echoed(encodeRuleChange('add', rule), RTM_NEWRULE))).toEqual(rule);
      }),
    );
  });
});
