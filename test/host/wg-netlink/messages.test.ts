// WireGuard's netlink messages, compared with bytes written by hand from the kernel's headers, and bytes that a kernel sent.
import { describe, expect, test } from 'vitest';
import type { DevicePatch } from '../../../src/host/wg/device-patch.ts';
import { addAnswer } from '../../../src/host/wg/netlink/decode-device.ts';
import { encodeGetDevice, encodeSetDevice } from '../../../src/host/wg/netlink/encode-device.ts';
import { decodeFamily, encodeGetFamily } from '../../../src/host/wg/netlink/generic-message.ts';
import { decodeSocketAddress, encodeSocketAddress } from '../../../src/host/wg/netlink/socket-address.ts';
import { fixture } from '../rtnetlink/wire.ts';
import {
  base64,
  DEVICE,
  FAMILY,
  FIRST,
  OTHER,
  PEER,
  prefix,
  PRIVATE,
  PSK,
  PUBLIC,
  SECOND,
  SET,
  zones,
} from './samples.ts';

const hex = (text: string): string => text.replaceAll(/\s/g, '');
const encode = (patch: DevicePatch): Buffer[] =>
  encodeSetDevice({ family: FAMILY, dev: 'wg1', patch, operation: 'wg set wg1', zones });

describe('the family', () => {
  test('is asked for by name', () => {
    expect(encodeGetFamily('wireguard').toString('hex')).toBe(
      hex('24000000 10000500 00000000 00000000 03010000 0e000200 776972656775617264000000'),
    );
  });

  test('has its number in the answer of a kernel 6.18', () => {
    const sent = `88000000 10000000 01000000 30120008 01020000 0b000200 6e6c6374726c0000 06000100 10000000
      08000300 02000000 08000400 00000000 08000500 00000000 2c000600 14000100 08000100 03000000 08000200 0e000000
      14000200 08000100 0a000000 08000200 0c000000 1c000700 18000100 08000200 10000000 0b000100 6e6f746966790000`;
    expect(decodeFamily(fixture(sent), 'nlctrl')).toBe(16);
    expect(decodeFamily(fixture(sent), 'wireguard')).toBeUndefined();
  });
});

test('a device is asked for by name', () => {
  expect(encodeGetDevice(FAMILY, 'wg1').toString('hex')).toBe(
    hex('1c000000 1e000103 00000000 00000000 00010000 08000200 77673100'),
  );
});

describe('an answer', () => {
  const answers = (): ReturnType<typeof addAnswer> =>
    addAnswer(addAnswer(undefined, fixture(FIRST), zones), fixture(SECOND), zones);

  test('is one device, from any number of messages', () => {
    expect(answers()).toEqual(DEVICE);
  });

  test('contains no private and no preshared key', () => {
    const json = JSON.stringify(answers());
    for (const key of [PRIVATE, PSK]) for (const form of [key, base64(key)]) expect(json).not.toContain(form);
  });

  test('has no public key for a device without a key', () => {
    const blank = addAnswer(
      undefined,
      fixture('00000000 1e000200 00000000 00000000 00010000 08000200 77673100'),
      zones,
    );
    expect(blank).toEqual({ name: 'wg1', publicKey: '', listenPort: 0, fwmark: 0, peers: [] });
  });

  test('an answer that ends in the middle is read as far as possible', () => {
    const bytes = hex(FIRST);
    for (let end = 40; end < bytes.length; end += 2) addAnswer(undefined, fixture(bytes.slice(0, end)), zones);
    expect(addAnswer(undefined, fixture(bytes.slice(0, 200)), zones).listenPort).toBe(51825);
  });
});

describe('a device that is set', () => {
  const peer = { publicKey: base64(PEER), persistentKeepalive: 25, endpoint: '192.0.2.1:51825' };
  const allowedIPs = [prefix('10.0.0.0/8'), prefix('::/0')];

  test('is encoded as the kernel reads it', () => {
    const presharedKey = Buffer.from(PSK, 'hex');
    const patch = { privateKey: Buffer.from(PRIVATE, 'hex'), listenPort: 51825, fwmark: 51820, replacePeers: true };
    const messages = encode({ ...patch, peers: [{ ...peer, presharedKey, allowedIPs }] });
    expect(messages.map((m) => m.toString('hex'))).toEqual([hex(SET)]);
  });

  test('has only the named fields', () => {
    expect(encode({ listenPort: 0, peers: [] }).map((m) => m.toString('hex'))).toEqual([
      hex('24000000 1e000500 00000000 00000000 01010000 08000200 77673100 06000600 00000000'),
    ]);
    const removed = { publicKey: base64(OTHER), remove: true };
    expect(encode({ peers: [removed, { publicKey: base64(PEER), allowedIPs: [] }] })[0]?.toString('hex')).toBe(
      hex(`80000000 1e000500 00000000 00000000 01010000 08000200 77673100
        64000880 30000080 24000100 ${OTHER} 08000300 01000000 30000080 24000100 ${PEER} 08000300 02000000`),
    );
  });

  test('is sent in several messages if it is too long, and only the first replaces', () => {
    const many = Array.from({ length: 1000 }, (_, i) => prefix(`2001:db8:${i.toString(16)}::/48`));
    const patch = { privateKey: Buffer.from(PRIVATE, 'hex'), replacePeers: true };
    const messages = encode({
      ...patch,
      peers: [
        { ...peer, allowedIPs: many },
        { publicKey: base64(PUBLIC), allowedIPs },
      ],
    });
    expect(Math.max(...messages.map(({ length }) => length))).toBeLessThan(1100);
    const texts = messages.map((m) => m.toString('hex'));
    // keys, WGDEVICE_F_REPLACE_PEERS and WGPEER_F_REPLACE_ALLOWEDIPS of the long peer
    for (const once of [PRIVATE, '0800050001000000'])
      expect(texts.map((text) => text.includes(once))).toEqual(texts.map((_, i) => i === 0));
    expect(texts.filter((text) => text.includes(`${PEER}0800030002000000`))).toHaveLength(1);
    // read back: what the kernel would have made of them
    let read: ReturnType<typeof addAnswer> | undefined;
    for (const text of texts) read = addAnswer(read, fixture(text), zones);
    expect(read?.peers.map((p) => p.allowedIPs)).toEqual([many, allowedIPs]);
  });

  test('is refused with an invalid endpoint before anything is sent', () => {
    expect(() => encode({ peers: [{ ...peer, endpoint: 'vpn.example.net:1' }] })).toThrow(
      'wg set wg1: vpn.example.net:1 is no address and port, or names an interface that is not there (EINVAL)',
    );
  });
});

describe('an endpoint', () => {
  test.each([
    ['192.0.2.1:51825', '0200ca71 c0000201 0000000000000000'],
    ['[2001:db8::1]:1', `0a000001 00000000 20010db8000000000000000000000001 00000000`],
    ['[fe80::1%eth0]:51825', `0a00ca71 00000000 fe800000000000000000000000000001 02000000`],
    ['[fe80::1%7]:51825', `0a00ca71 00000000 fe800000000000000000000000000001 07000000`],
    ['[2001:db8::1%2]:51825', `0a00ca71 00000000 20010db8000000000000000000000001 02000000`],
  ])('%s is encoded as a sockaddr and decoded again', (text, bytes) => {
    const encoded = encodeSocketAddress(text, zones);
    expect(encoded?.toString('hex')).toBe(hex(bytes));
    expect(encoded && decodeSocketAddress(encoded, [0, encoded.length], zones)).toBe(text);
  });

  test.each(['192.0.2.1', '[192.0.2.1]:1', '2001:db8::1:1', '192.0.2.1:70000', 'vpn:1', '[fe80::1%none]:1', ''])(
    '%j is refused',
    (text) => {
      expect(encodeSocketAddress(text, zones)).toBeUndefined();
    },
  );

  test.each(['', '00', '0100ca71c0000201', '0200ca71c0'])('%j is not decoded from bytes', (text) => {
    const bytes = Buffer.from(text, 'hex');
    expect(decodeSocketAddress(bytes, [0, bytes.length], zones)).toBe('');
  });
});
