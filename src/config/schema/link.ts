// `interfaces:` and `tunnels:`.
import * as z from 'zod';
import { DEFAULT_TUNNEL_MTU } from '../../model/defaults.ts';
import type { Prefix } from '../../net/ip.ts';
import { field, integer, text, usual, word } from './field.ts';
import { interfaceOspf, tunnelOspf } from './ospf.ts';
import { anyAddress, endpoint, interfaceAddress, network } from './address-words.ts';
import { keyFile, publicKey } from './file-words.ts';

/** Bytes: from IPv4's own minimum (RFC 791: 576 reassembled) to the maximum of a link. */
const mtu = (description: string): z.ZodInt =>
  integer(576, 65535, { description, example: DEFAULT_TUNNEL_MTU, clamp: true });

const routes = (description: string, example: string): z.ZodType<Prefix[]> =>
  field(z.array(text(network(example), { description: 'A network.', example, expects: 'a network' })), {
    description,
    example: [example],
    expects: 'a list of networks',
  });

/** One value, or a list of at most one per family. */
const oneOrTwo = <T>(
  one: z.ZodType<T, string>,
  about: { description: string; example: unknown; expects: string },
): z.ZodType<T | T[]> => field(z.union([one, z.array(one).min(1)]), about);

const address = (description: string, example: string): z.ZodType<Prefix | Prefix[]> => {
  const expects = 'an address with its prefix length, or a list of an IPv4 and an IPv6 one';
  return oneOrTwo(text(interfaceAddress(example), { description, example, expects }), {
    description,
    example,
    expects,
  });
};

const peerAddress = (description: string, example: string): z.ZodType<string | string[]> => {
  const expects = 'an address, or a list of an IPv4 and an IPv6 one';
  return oneOrTwo(text(anyAddress, { description, example, expects }), { description, example, expects });
};

const interfaceMap = z.strictObject({
  kind: usual(
    word(['existing', 'dummy'], {
      description: 'existing: hardware or another program makes the link (it may come and go); dummy: wgospf makes it.',
      example: 'dummy',
    }),
    'existing',
  ),
  address: address(
    'Own address on this link, or a list of an IPv4 and an IPv6 one; lies inside mesh.prefixes.',
    '10.69.12.134/16',
  ),
  routes: routes(
    "Networks reached directly over the link, put into the mesh's table. Default: the address' own network.",
    '10.69.0.0/16',
  ).optional(),
  mtu: mtu('MTU to set; absent: left as it is.').optional(),
  ospf: interfaceOspf.optional(),
});

export const interfaceSchema = field(interfaceMap, {
  description: 'A local interface of the mesh.',
  example: { address: '10.69.12.134/16' },
  expects: 'a map with address',
});

const peer = field(
  z.strictObject({
    publicKey: text(publicKey, {
      description: 'Public key of the far end, as `wg pubkey` prints it.',
      example: 'xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=',
      typed: "the far end's public key, 44 characters that `wg pubkey` prints there",
      expects: 'a WireGuard public key',
      secret: true,
    }),
    endpoint: text(endpoint, {
      description: 'HOST:PORT of the far end; absent on the side that only listens.',
      example: 'vpn222.example.net:51825',
      expects: 'a host and a port',
    }).optional(),
    presharedKeyFile: text(keyFile, {
      description: 'File with a preshared key, the same at both ends; relative to the folder of this file.',
      example: 'keys/wg222.psk',
      expects: 'the name of a file',
      secret: true,
    }).optional(),
    persistentKeepalive: usual(
      integer(0, 65535, {
        description: 'Seconds between empty packets that keep a NAT open; 0 for none.',
        example: 25,
        clamp: true,
        explain: (value) =>
          value === 'off'
            ? {
                code: 'wrong-type',
                message: '`off` is the word of `wg set`; here it is a number',
                hint: 'persistentKeepalive: 0',
              }
            : undefined,
      }),
      0,
    ),
    allowedIPs: field(
      z.array(text(network('0.0.0.0/0'), { description: 'A network.', example: '0.0.0.0/0', expects: 'a network' })),
      {
        description: 'Networks from which and to which the peer may send. Default: 0.0.0.0/0 and ::/0.',
        example: ['0.0.0.0/0'],
        expects: 'a list of networks',
      },
    ).optional(),
  }),
  {
    description: 'The far end; one peer per tunnel, so that AllowedIPs can stay open.',
    example: { publicKey: "<the far end's public key>" },
    expects: 'a map with publicKey',
  },
);

const tunnelMap = z.strictObject({
  address: address(
    'Own address inside the tunnel: a /31, /30 or /127, or a /32 or /128 with peerAddress; or a list of an IPv4 and an IPv6 one. May be absent where OSPF for IPv6 is on: it needs the link-local address alone.',
    '10.70.89.0/31',
  ).optional(),
  peerAddress: peerAddress(
    "The far end's address, or one of each family, where it does not follow from a /31, /30 or /127.",
    '10.70.89.1',
  ).optional(),
  listenPort: integer(1, 65535, { description: 'UDP port of this end; each tunnel needs its own.', example: 51825 }),
  privateKeyFile: text(keyFile, {
    description:
      'File with our private key, made if missing; relative to the folder of this file. Default: wireguard.privateKeyFile, else keys/TUNNEL.key.',
    example: 'keys/wg222.key',
    expects: 'the name of a file',
    secret: true,
  }).optional(),
  mtu: usual(mtu('MTU of the tunnel; both ends must agree.'), DEFAULT_TUNNEL_MTU),
  routes: routes(
    "Networks behind a peer that speaks no OSPF, beside the tunnel's own network.",
    '10.70.120.0/24',
  ).optional(),
  peer,
  ospf: tunnelOspf.optional(),
});

export const tunnelSchema = field(tunnelMap, {
  description: 'A WireGuard interface with one peer.',
  example: { address: '10.70.89.0/31', listenPort: 51825, peer: { publicKey: "<the far end's public key>" } },
  expects: 'a map with address, listenPort and peer',
});
