// Endpoints as wg(8) accepts them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatEndpoint, isHostName, parseEndpoint } from '../../src/net/endpoint.ts';

describe('parseEndpoint', () => {
  it.each([
    ['vpn222.example.net:51825', { host: 'vpn222.example.net', port: 51825 }],
    ['VPN222.Example.NET:1', { host: 'vpn222.example.net', port: 1 }],
    ['192.0.2.1:65535', { host: '192.0.2.1', port: 65535 }],
    ['[2001:DB8::0:1]:51820', { host: '2001:db8::1', port: 51820 }],
    ['localhost:51820', { host: 'localhost', port: 51820 }],
    ['a_b.example.net.:51820', { host: 'a_b.example.net.', port: 51820 }],
  ])('%s', (text, endpoint) => {
    expect(parseEndpoint(text)).toEqual(endpoint);
  });

  it.each([
    '',
    ':51820',
    'vpn222',
    'vpn222:',
    'vpn222:0',
    'vpn222:65536',
    'vpn222:051820',
    'vpn222:51820 ',
    'vpn 222:51820',
    '2001:db8::1:51820',
    '[192.0.2.1]:51820',
    '[vpn222]:51820',
    '[fe80::1%eth0]:51820',
    '256.0.0.1:51820',
    '10.1:51820',
    '-vpn:51820',
    'vpn-:51820',
    'vpn..net:51820',
    `${'a'.repeat(64)}.net:51820`,
    '@vpn:1',
  ])('refuses %j', (text) => {
    expect(parseEndpoint(text)).toBeUndefined();
  });

  it('reads what it writes', () => {
    const host = fc.oneof(fc.ipV4(), fc.constantFrom('2001:db8::1', '::1'), fc.domain());
    fc.assert(
      fc.property(host, fc.integer({ min: 1, max: 65535 }), (name, port) => {
        const endpoint = { host: name.toLowerCase(), port };
        expect(parseEndpoint(formatEndpoint(endpoint))).toEqual(endpoint);
      }),
    );
  });
});

describe('isHostName', () => {
  it('refuses addresses and names over 253 characters', () => {
    expect(['1.2.3.4', '300.1', 'a'.repeat(254)].map(isHostName)).toEqual([false, false, false]);
    expect(['a', 'node-1.example', '1and1.com'].map(isHostName)).toEqual([true, true, true]);
  });
});
