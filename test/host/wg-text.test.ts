// The pure parts around `wg`: its dump, its configuration text, its arguments, its complaints.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePrefix, type Prefix } from '../../src/net/ip.ts';
import { keyDigest, newPrivateKey } from '../../src/host/wg/key.ts';
import { parseUapi } from '../../src/host/wg/parse-uapi.ts';
import { renderSetconf } from '../../src/host/wg/render-setconf.ts';
import { scrub } from '../../src/host/wg/scrub.ts';
import { isEmptyChange, setArguments } from '../../src/host/wg/set-arguments.ts';
import { parseDump } from '../netns/lab/parse-dump.ts';

const A = 'xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=';
const B = '/okDziCnw9t08i9BTlsw8bMrCSDN82P4q+zJLQJmFkw=';
const SECRET = 'yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=';
const PSK = 'FpCyhws9cxwWoV4xELtfJvjJN+zQVRPISllRWgeopVE=';

const prefix = (text: string): Prefix => {
  const p = parsePrefix(text);
  if (p === undefined) throw new Error(`not a prefix: ${text}`);
  return p;
};

describe('parseDump', () => {
  const line = (...fields: (string | number)[]): string => `${fields.join('\t')}\n`;

  test('reads no device, and a fresh device of wireguard-go', () => {
    expect(parseDump('')).toEqual([]);
    expect(parseDump(line('wgt0', '(none)', '(none)', 38489, 'off'))).toEqual([
      { name: 'wgt0', publicKey: '', listenPort: 38489, fwmark: 0, peers: [] },
    ]);
  });

  test('reads devices with their peers, without private keys, and with digests of preshared keys', () => {
    const devices = parseDump(
      line('wg111', SECRET, A, 51825, '0xca6c') +
        line('wg111', B, PSK, '192.0.2.1:99', '0.0.0.0/0,::/0', 1700000000, 12, 345678901234, 25) +
        line('wg111', A, '(none)', '(none)', '(none)', 0, 0, 0, 'off') +
        line('wg222', SECRET, B, 0, 'off'),
    );
    expect(devices).toEqual([
      {
        name: 'wg111',
        publicKey: A,
        listenPort: 51825,
        fwmark: 0xca6c,
        peers: [
          {
            publicKey: B,
            presharedKeyDigest: keyDigest(PSK),
            endpoint: '192.0.2.1:99',
            allowedIPs: [prefix('0.0.0.0/0'), prefix('::/0')],
            latestHandshake: 1700000000,
            rxBytes: 12,
            txBytes: 345678901234,
            persistentKeepalive: 25,
          },
          {
            publicKey: A,
            presharedKeyDigest: '',
            endpoint: '',
            allowedIPs: [],
            latestHandshake: 0,
            rxBytes: 0,
            txBytes: 0,
            persistentKeepalive: 0,
          },
        ],
      },
      { name: 'wg222', publicKey: B, listenPort: 0, fwmark: 0, peers: [] },
    ]);
    expect(JSON.stringify(devices)).not.toContain(SECRET);
    expect(JSON.stringify(devices)).not.toContain(PSK);
  });

  test.each([
    ['[2001:db8:0:0:0:0:0:1]:51', '[2001:db8::1]:51'],
    ['[fe80::1%eth0]:51', '[fe80::1%eth0]:51'],
    ['[::ffff:192.0.2.1]:51', '[::ffff:c000:201]:51'],
    ['192.0.2.1:51', '192.0.2.1:51'],
  ])('reads the endpoint %s as %s', (given, canonical) => {
    const text = line('wg1', SECRET, A, 1, 'off') + line('wg1', B, '(none)', given, '(none)', 0, 0, 0, 'off');
    expect(parseDump(text)[0]?.peers[0]?.endpoint).toBe(canonical);
  });

  test.each([
    ['a line of six fields', line('wg1', SECRET, A, 1, 'off', 'more')],
    ['a port that is none', line('wg1', SECRET, A, 'x', 'off')],
    ['a mark that is none', line('wg1', SECRET, A, 1, 'x')],
    ['a peer before its device', line('wg1', B, PSK, '(none)', '(none)', 0, 0, 0, 'off')],
    [
      'a peer of another device',
      line('wg1', SECRET, A, 1, 'off') + line('wg2', B, PSK, '(none)', '(none)', 0, 0, 0, 'off'),
    ],
    [
      'an allowed IP that is none',
      line('wg1', SECRET, A, 1, 'off') + line('wg1', B, PSK, '(none)', '10.1/8', 0, 0, 0, 'off'),
    ],
  ])('refuses %s by its number, without its text', (_, text) => {
    let message = '';
    try {
      parseDump(text);
    } catch (error) {
      message = String(error);
    }
    expect(message).toMatch(/wg show all dump: line \d has neither/);
    expect(message).not.toContain(SECRET);
    expect(message).not.toContain(PSK);
  });

  test('reads a hundred tunnels', () => {
    const one = (i: number): string =>
      line(`wg${i}`, SECRET, A, i, 'off') + line(`wg${i}`, B, PSK, '(none)', '0.0.0.0/0', i, i, i, i + 1);
    const devices = parseDump(Array.from({ length: 100 }, (_, i) => one(i)).join(''));
    expect(devices.map((d) => [d.name, d.peers.length, d.peers[0]?.persistentKeepalive])).toEqual(
      Array.from({ length: 100 }, (_, i) => [`wg${i}`, 1, i + 1]),
    );
  });
});

describe('setArguments', () => {
  const text = (change: Parameters<typeof setArguments>[1]): string => setArguments('wg1', change).join(' ');

  test('nothing to change gives an empty change', () => {
    expect(isEmptyChange({})).toBe(true);
    expect(isEmptyChange({ removePeers: [] })).toBe(true);
    expect(isEmptyChange({ listenPort: 1 })).toBe(false);
    expect(isEmptyChange({ peer: { publicKey: A } })).toBe(false);
  });

  test.each([
    [{ listenPort: 51825 }, 'set wg1 listen-port 51825'],
    [{ privateKeyFile: '/k/a' }, 'set wg1 private-key /k/a'],
    [{ peer: { publicKey: A, endpoint: '[2001:db8::1]:9' } }, `set wg1 peer ${A} endpoint [2001:db8::1]:9`],
    [{ peer: { publicKey: A, presharedKeyFile: '/k/p' } }, `set wg1 peer ${A} preshared-key /k/p`],
    [{ peer: { publicKey: A, presharedKeyFile: '' } }, `set wg1 peer ${A} preshared-key /dev/null`],
    [{ peer: { publicKey: A, persistentKeepalive: 0 } }, `set wg1 peer ${A} persistent-keepalive off`],
    [{ peer: { publicKey: A, persistentKeepalive: 25 } }, `set wg1 peer ${A} persistent-keepalive 25`],
    [
      { peer: { publicKey: A, allowedIPs: [prefix('0.0.0.0/0'), prefix('::/0')] } },
      `set wg1 peer ${A} allowed-ips 0.0.0.0/0,::/0`,
    ],
  ])('%j', (change, expected) => {
    expect(text(change)).toBe(expected);
  });

  test('a changed key of the peer is one call that removes the old peer and gives its AllowedIPs to the new one', () => {
    expect(text({ removePeers: [A], peer: { publicKey: B, allowedIPs: [prefix('0.0.0.0/0')] } })).toBe(
      `set wg1 peer ${A} remove peer ${B} allowed-ips 0.0.0.0/0`,
    );
  });

  test('empty AllowedIPs are an empty argument, which removes them', () => {
    expect(setArguments('wg1', { peer: { publicKey: A, allowedIPs: [] } })).toEqual([
      'set',
      'wg1',
      'peer',
      A,
      'allowed-ips',
      '',
    ]);
  });
});

test('renderSetconf writes the complete device', () => {
  const peer = {
    publicKey: B,
    presharedKeyFile: '/k/p',
    endpoint: '192.0.2.1:51825',
    persistentKeepalive: 25,
    allowedIPs: [prefix('0.0.0.0/0'), prefix('::/0')],
  };
  const config = { privateKeyFile: '/k/a', listenPort: 51825, peer };
  expect(renderSetconf(config, { privateKey: SECRET, presharedKey: PSK }).split('\n')).toEqual([
    '[Interface]',
    `PrivateKey = ${SECRET}`,
    'ListenPort = 51825',
    '[Peer]',
    `PublicKey = ${B}`,
    `PresharedKey = ${PSK}`,
    'Endpoint = 192.0.2.1:51825',
    'PersistentKeepalive = 25',
    'AllowedIPs = 0.0.0.0/0, ::/0',
    '',
  ]);
  const listening = { ...config, peer: { ...peer, endpoint: undefined, persistentKeepalive: 0 } };
  const text = renderSetconf(listening, { privateKey: SECRET, presharedKey: undefined });
  expect(text).not.toMatch(/Endpoint|PresharedKey/);
  expect(text).toContain('PersistentKeepalive = off');
});

describe('scrub', () => {
  test.each([
    ["Key is not the correct length or format: `abc'\nConfiguration parsing error", 'abc'],
    ["Line unrecognized: `hellosecret'\nConfiguration parsing error", 'hellosecret'],
    ["Found trailing character in key file: `s'", '`s'],
    ["Unrecognized character in key: `two\nlines'", 'lines'],
    [`something new: ${SECRET}`, SECRET],
    [`something new: ${SECRET.slice(0, 42)}`, SECRET.slice(0, 42)],
  ])('%j', (text, secret) => {
    expect(scrub(text)).not.toContain(secret);
    expect(scrub(text)).toContain('(hidden)');
  });

  test('public texts and plain messages stay', () => {
    expect(scrub(`peer ${A}`, ['set', 'wg1', 'peer', A])).toBe(`peer ${A}`);
    expect(scrub('Unable to modify interface: No such device')).toBe('Unable to modify interface: No such device');
  });

  test('no key survives in any surrounding text', () => {
    const around = fc.string({ unit: fc.constantFrom(' ', '\n', ':', '`', "'", 'x', '=', 'Key ') });
    fc.assert(
      fc.property(around, around, (before, after) => {
        const key = newPrivateKey();
        return !scrub(before + key + after).includes(key);
      }),
    );
  });
});

describe('parseUapi', () => {
  const hex = (key: string): string => Buffer.from(key, 'base64').toString('hex');
  const answer = (...lines: string[]): string => `${lines.join('\n')}\nerrno=0\n\n`;

  test('gives the same device as the dump, with public keys and digests', () => {
    const device = parseUapi(
      'wg111',
      answer(
        ...[`private_key=${hex(SECRET)}`, 'listen_port=51825', 'fwmark=51820'],
        ...[`public_key=${hex(B)}`, `preshared_key=${hex(PSK)}`, 'protocol_version=1', 'endpoint=[2001:db8:0::1]:99'],
        ...['last_handshake_time_sec=1700000000', 'last_handshake_time_nsec=5', 'tx_bytes=345678901234', 'rx_bytes=12'],
        ...['persistent_keepalive_interval=25', 'allowed_ip=0.0.0.0/0', 'allowed_ip=::/0'],
        ...[`public_key=${hex(A)}`, `preshared_key=${'0'.repeat(64)}`],
      ),
    );
    const nothing = {
      endpoint: '',
      allowedIPs: [],
      latestHandshake: 0,
      rxBytes: 0,
      txBytes: 0,
      persistentKeepalive: 0,
    };
    expect(device).toEqual({
      ...{ name: 'wg111', listenPort: 51825, fwmark: 51820, publicKey: expect.stringMatching(/^.{43}=$/) as string },
      peers: [
        {
          ...{ publicKey: B, presharedKeyDigest: keyDigest(PSK), endpoint: '[2001:db8::1]:99' },
          allowedIPs: [prefix('0.0.0.0/0'), prefix('::/0')],
          ...{ latestHandshake: 1700000000, rxBytes: 12, txBytes: 345678901234, persistentKeepalive: 25 },
        },
        { ...nothing, publicKey: A, presharedKeyDigest: '' },
      ],
    });
    expect(JSON.stringify(device)).not.toContain(SECRET);
  });

  test.each([
    ['half an answer', `private_key=${hex(SECRET)}\n`],
    ['no answer of WireGuard', `hello ${SECRET}\n\n`],
    ['an error', 'errno=22\n\n'],
    ['nothing', ''],
  ])('refuses %s without its text', (_, text) => {
    expect(() => parseUapi('wg111', text)).toThrow(/^ask wireguard-go wg111: (?!.*(yAnz|c80))/);
  });
});
