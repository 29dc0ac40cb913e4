import { describe, expect, it } from 'vitest';
import {
  decodeLink,
  encodeAddLink,
  encodeDeleteLink,
  encodeLinkQuery,
  encodeSetLink,
} from '../../../src/host/rtnetlink/link.ts';
import { u32Attribute } from '../../../src/host/rtnetlink/attributes.ts';
import { IFLA_NET_NS_FD } from '../../../src/host/rtnetlink/constants.ts';
import { fixture } from './wire.ts';

// the head of what Linux 6.18 sends for a bridge that is up; then alias and kind, which come much later
const bridge = fixture(`
  74000000 1000 0200 01000000 756d0008  00 00 0100 02000000 43100100 00000000
  0800 0300 62723000  0800 0d00 e8030000  0500 1000 00000000  0800 0400 8c050000
  0f00 1400 77676f737066206e6f7465 00  14001200 0b000100 62726964676500 00 04000200`);

describe('decodeLink', () => {
  it('reads every property of a LinkInfo', () => {
    expect(decodeLink(bridge)).toEqual({
      index: 2,
      name: 'br0',
      kind: 'bridge',
      up: true,
      mtu: 1420,
      alias: 'wgospf note',
      masterIndex: 0,
    });
  });
  it('keeps no kind or alias of the link before', () => {
    decodeLink(bridge);
    const lo = fixture(
      '30000000 1000 0200 01000000 00000000 00000403 01000000 08000000 00000000 07000300 6c6f0000 08000400 00000100',
    );
    expect(decodeLink(lo)).toEqual({
      index: 1,
      name: 'lo',
      kind: '',
      up: false,
      mtu: 65536,
      alias: '',
      masterIndex: 0,
    });
  });
  it('ignores other messages and bridge ports (AF_BRIDGE)', () => {
    expect(decodeLink({ ...bridge, type: 17 })).toBeUndefined();
    expect(
      decodeLink(fixture('20000000 1000 0000 00000000 00000000 07000000 02000000 00000000 00000000')),
    ).toBeUndefined();
    expect(decodeLink({ ...bridge, end: bridge.start + 8 })).toBeUndefined();
  });
});

describe('encoding', () => {
  const hex = (message: Buffer): string => message.subarray(4).toString('hex');

  it('adds a link: REQUEST | ACK | CREATE | EXCL, name, MTU, group, kind', () => {
    expect(hex(encodeAddLink({ name: 'wg7', kind: 'wireguard', mtu: 1420 }))).toBe(
      '1000' +
        '0506' +
        '00000000' +
        '00000000' +
        '00'.repeat(16) +
        '0800030077673700' +
        '080004008c050000' +
        '08001b0057000000' +
        '14001200' +
        '0e000100' +
        '776972656775617264000000',
    );
  });
  it('adds a VRF with its table inside IFLA_INFO_DATA', () => {
    expect(hex(encodeAddLink({ name: 'wg7', kind: 'vrf', mtu: undefined, table: 2 }))).toBe(
      '10000506' +
        '00'.repeat(8) +
        '00'.repeat(16) +
        '0800030077673700' +
        '18001200' +
        '08000100' +
        '76726600' +
        '0c000200' +
        '08000100' +
        '02000000',
    );
  });
  it('enslaves with the index of the master', () => {
    expect(hex(encodeSetLink('wg7', { master: 'nycmesh' }, { master: 9 }))).toBe(
      '13000500' + '00'.repeat(24) + '0800030077673700' + '08000a0009000000',
    );
  });
  it('moves with a descriptor of the new namespace', () => {
    expect(hex(encodeSetLink('wg7', { netns: 'nycmesh', up: true }, { place: u32Attribute(IFLA_NET_NS_FD, 5) }))).toBe(
      '13000500' + '00'.repeat(16) + '01000000' + '01000000' + '0800030077673700' + '08001c0005000000',
    );
  });
  it('asks by name, without statistics', () => {
    expect(hex(encodeLinkQuery('wg7'))).toBe(
      '1200' + '0500' + '00'.repeat(8) + '00'.repeat(16) + '0800030077673700' + '08001d0008000000',
    );
  });
  it('deletes by name, with index 0', () => {
    expect(hex(encodeDeleteLink('wg7'))).toBe('1100' + '0500' + '00'.repeat(8) + '00'.repeat(16) + '0800030077673700');
  });
  it.each([
    ['up', { up: true }, '01000000' + '01000000', ''],
    ['down', { up: false }, '00000000' + '01000000', ''],
    ['MTU alone, no flag touched', { mtu: 1280 }, '00000000' + '00000000', '0800040000050000'],
    ['alias', { alias: 'wgospf' }, '00000000' + '00000000', '0a00140077676f7370660000'],
    ['out of its VRF', { master: '' }, '00000000' + '00000000', '08000a0000000000'],
    ['alias taken away by an attribute without a value', { alias: '' }, '00000000' + '00000000', '04001400'],
  ])('sets a link: %s', (_, change, flags, attributes) => {
    expect(hex(encodeSetLink('wg7', change))).toBe(
      '1300' + '0500' + '00'.repeat(8) + '00'.repeat(8) + flags + '0800030077673700' + attributes,
    );
  });
});
