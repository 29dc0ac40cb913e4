import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAddressMessage, encodeAddressChange } from '../../../src/host/rtnetlink/address.ts';
import { RTM_NEWADDR } from '../../../src/host/rtnetlink/constants.ts';
import { parsePrefix } from '../../../src/net/ip.ts';
import { echoed, fixture } from './wire.ts';
import { hostAddress } from './arbitraries.ts';

// captured from Linux 6.18
const withPeer = fixture(`
  4c000000 1400 0200 03000000 756d0008  02 20 80 00 02000000  0800 0100 0a020009  0800 0200 0a020001
  0800 0300 62723000  0800 0800 80000000  1400 0600 ffffffffffffffff4445030044450300`);
const v6WithPeer = fixture(`
  5c000000 1400 0200 03000000 756d0008  0a 80 82 00 02000000  1400 0200 fd010000000000000000000000000001
  1400 0100 fd010000000000000000000000000002  1400 0600 ffffffffffffffff4445030044450300  0800 0800 82000000`);
const linkLocal = fixture(`
  50000000 1400 0200 03000000 756d0008  0a 40 c0 fd 02000000  1400 0100 fe8000000000000054ca99fffed51d6c
  1400 0600 ffffffffffffffff4345030043450300  0800 0800 c0000000  0500 0b00 03000000`);

describe('decodeAddressMessage', () => {
  it('reads local and peer', () => {
    expect(decodeAddressMessage(withPeer)).toEqual({
      ifindex: 2,
      prefix: parsePrefix('10.2.0.1/32'),
      peer: '10.2.0.9',
      protocol: 0,
    });
    expect(decodeAddressMessage(v6WithPeer)).toMatchObject({ prefix: parsePrefix('fd01::1/128'), peer: 'fd01::2' });
  });
  it('reads a tentative link-local address from the kernel (IFA_PROTO 3)', () => {
    expect(decodeAddressMessage(linkLocal)).toEqual({
      ifindex: 2,
      prefix: parsePrefix('fe80::54ca:99ff:fed5:1d6c/64'),
      peer: undefined,
      protocol: 3,
      tentative: true,
    });
  });
  it('reads the flag of a duplicate address, which means something else in IPv4', () => {
    const flagged = (message: typeof linkLocal, flags: number): typeof linkLocal => {
      const bytes = Buffer.from(message.bytes);
      bytes.writeUInt8(flags, message.start + 2);
      return { ...message, bytes };
    };
    expect(decodeAddressMessage(flagged(linkLocal, 0xc8))).toMatchObject({ duplicate: true });
    expect(decodeAddressMessage(flagged(withPeer, 0x88))).not.toHaveProperty('duplicate');
  });
  it('ignores other messages, other families and messages without an address', () => {
    expect(decodeAddressMessage({ ...withPeer, type: 21 })).toBeUndefined();
    expect(decodeAddressMessage({ ...withPeer, end: withPeer.start + 4 })).toBeUndefined();
    expect(decodeAddressMessage(fixture('18000000 1400 0000 00000000 00000000 1d 20 80 00 02000000'))).toBeUndefined();
    expect(decodeAddressMessage(fixture('18000000 1400 0000 00000000 00000000 02 20 80 00 02000000'))).toBeUndefined();
  });
});

describe('encodeAddressChange', () => {
  const prefix = { family: 4, address: '10.70.89.1', length: 31 } as const;
  const address = { dev: 'wg7', prefix, peer: undefined, protocol: 87 };

  it('adds with REQUEST | ACK | CREATE | EXCL and no broadcast address', () => {
    expect(encodeAddressChange('add', address, 9).subarray(4).toString('hex')).toBe(
      '1400' +
        '0506' +
        '00'.repeat(8) +
        '021f0000' +
        '09000000' +
        '080002000a465901' +
        '080001000a465901' +
        '05000b0057000000',
    );
  });
  it('deletes with REQUEST | ACK', () => {
    const message = encodeAddressChange('delete', { ...address, protocol: 0, peer: '10.70.89.0' }, 9);
    expect(message.subarray(4).toString('hex')).toBe(
      '1500' + '0500' + '00'.repeat(8) + '021f0000' + '09000000' + '080002000a465901' + '080001000a465900',
    );
  });
  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(hostAddress, fc.nat(255), fc.integer({ min: 1, max: 0x7fffffff }), (wanted, protocol, ifindex) => {
        const message = encodeAddressChange('add', { dev: 'x', protocol, ...wanted }, ifindex);
        expect(decodeAddressMessage(echoed(message, RTM_NEWADDR))).toEqual({ ifindex, protocol, ...wanted });
      }),
    );
  });
});
