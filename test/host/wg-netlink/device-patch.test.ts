// Key files for WireGuard: read as bytes, and overwritten.
import { writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readKeyFile } from '../../../src/host/keys.ts';
import { patchOfChange, patchOfConfig, wipe } from '../../../src/host/wg/device-patch.ts';
import { decodeKey, newPrivateKey } from '../../../src/host/wg/key.ts';
import { parseUapi } from '../../../src/host/wg/parse-uapi.ts';
import { renderUapi } from '../../../src/host/wg/render-uapi.ts';
import { isWireguardKey } from '../../../src/net/names.ts';
import { tempDir } from '../temp-dir.ts';
import { base64, OTHER, PEER, prefix, PRIVATE, PSK } from './samples.ts';

const bytesOf = (hex: string): Buffer => Buffer.from(hex, 'hex');

/** A folder with both keys. */
async function files(): Promise<{ privateKeyFile: string; presharedKeyFile: string }> {
  const dir = await tempDir();
  await writeFile(`${dir}/key`, `${base64(PRIVATE)}\n`, { mode: 0o600 });
  await writeFile(`${dir}/psk`, `${base64(PSK)}\n`, { mode: 0o600 });
  return { privateKeyFile: `${dir}/key`, presharedKeyFile: `${dir}/psk` };
}

const peer = { publicKey: base64(PEER), endpoint: '192.0.2.1:51825', persistentKeepalive: 25 };
const allowedIPs = [prefix('10.0.0.0/8'), prefix('::/0')];

test('a key is read as bytes exactly where its text is a key', () => {
  const digit = fc.constantFrom(
    ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \n\u00e9'.split(''),
  );
  const near = fc.array(digit, { minLength: 40, maxLength: 46 }).map((digits) => `${digits.join('')}=`);
  const good = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('base64'));
  fc.assert(
    fc.property(fc.oneof(near, good), fc.constantFrom('', ' ', '\r\n', '\t'), (text, space) => {
      const key = decodeKey(Buffer.from(`${space}${text}${space}`, 'latin1'));
      const expected = isWireguardKey(text.trim()) ? text.trim() : undefined;
      expect(key?.toString('base64')).toBe(expected);
    }),
  );
  expect(decodeKey(Buffer.from(newPrivateKey()))).toHaveLength(32);
});

test('a configuration replaces all peers and removes the mark, as wg setconf does', async () => {
  const { privateKeyFile, presharedKeyFile } = await files();
  const config = { privateKeyFile, listenPort: 51825, peer: { ...peer, presharedKeyFile, allowedIPs } };
  expect(await patchOfConfig(config, 'wg setconf wg1')).toEqual({
    ...{ privateKey: bytesOf(PRIVATE), listenPort: 51825, fwmark: 0, replacePeers: true },
    peers: [{ ...peer, allowedIPs, presharedKey: bytesOf(PSK) }],
  });
  const bare = { ...config, peer: { ...config.peer, presharedKeyFile: undefined, endpoint: undefined } };
  const [only] = (await patchOfConfig(bare, 'wg setconf wg1')).peers;
  expect(only).toEqual({ publicKey: peer.publicKey, persistentKeepalive: 25, allowedIPs });
});

test('a change has only its own fields: removed peers come first, and an empty preshared key removes one', async () => {
  const change = { removePeers: [base64(OTHER)], peer: { publicKey: peer.publicKey, presharedKeyFile: '' } };
  expect(await patchOfChange(change, 'wg set wg1')).toEqual({
    peers: [
      { publicKey: base64(OTHER), remove: true },
      { publicKey: peer.publicKey, presharedKey: Buffer.alloc(32) },
    ],
  });
});

test('a missing key file is reported with the operation', async () => {
  await expect(patchOfChange({ privateKeyFile: '/none' }, 'wg set wg1')).rejects.toMatchObject({
    ...{ code: 'ENOENT', operation: 'wg set wg1', detail: 'the key file /none is not there' },
  });
});

test('a wiped patch contains no key', async () => {
  const { privateKeyFile, presharedKeyFile } = await files();
  const patch = await patchOfChange({ privateKeyFile, peer: { publicKey: '', presharedKeyFile } }, 'wg set wg1');
  wipe(patch);
  expect(patch).toEqual({ privateKey: Buffer.alloc(32), peers: [{ publicKey: '', presharedKey: Buffer.alloc(32) }] });
  expect((await readKeyFile(privateKeyFile))?.toString('hex')).toBe(PRIVATE);
});

test('a userspace WireGuard gets the same change in its own syntax, and reads back the same', () => {
  const patch = {
    ...{ privateKey: bytesOf(PRIVATE), listenPort: 51825, fwmark: 0, replacePeers: true },
    peers: [
      { publicKey: base64(OTHER), remove: true },
      { ...peer, presharedKey: bytesOf(PSK), allowedIPs },
    ],
  };
  const text = renderUapi(patch).toString();
  const device = [`private_key=${PRIVATE}`, 'listen_port=51825', 'fwmark=0', 'replace_peers=true'];
  const far = [`public_key=${PEER}`, `preshared_key=${PSK}`, 'endpoint=192.0.2.1:51825'];
  const rest = [
    'persistent_keepalive_interval=25',
    'replace_allowed_ips=true',
    'allowed_ip=10.0.0.0/8',
    'allowed_ip=::/0',
  ];
  expect(text.split('\n')).toEqual([
    ...['set=1', ...device, `public_key=${OTHER}`, 'remove=true', ...far, ...rest],
    ...['', ''],
  ]);
  const answer = `${[...device.slice(0, 3), ...far, rest[0], ...rest.slice(2)].join('\n')}\nerrno=0\n\n`;
  expect(parseUapi('wg1', answer)).toMatchObject({ listenPort: 51825, peers: [{ ...peer, allowedIPs }] });
});
