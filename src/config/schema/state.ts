// The schema of the state file. It validates, gives the JSON Schema, and has the words for messages and suggestions.
import * as z from 'zod';
import type { Fault } from '../problem.ts';
import { birdSchema } from './bird.ts';
import { field, integer, text, usual, word } from './field.ts';
import { interfaceSchema, tunnelSchema } from './link.ts';
import { meshSchema } from './mesh.ts';
import { ipv4Address } from './address-words.ts';
import { keyFile } from './file-words.ts';

const noNode = (value: unknown): Fault | undefined =>
  typeof value === 'number' && value > 25499
    ? {
        code: 'out-of-range',
        message: `node ${value} gives no router id: numbers up to 25499 fit into 10.69.0.0/16`,
        hint: 'id: the id that the mesh assigned to this router, instead of node and instance',
      }
    : undefined;

const router = field(
  z.strictObject({
    node: integer(1, 25499, {
      description: 'Node number; with instance it gives the router id.',
      example: 1234,
      explain: noNode,
    }).optional(),
    instance: integer(1, 3, {
      description:
        'Number of this router within the node: 1 gives 10.69.12.34, 2 10.69.12.134, 3 10.69.12.234. Default: 1.',
      example: 1,
    }).optional(),
    id: text(ipv4Address, {
      description: 'The router id itself, instead of node and instance.',
      example: '10.69.12.134',
      expects: 'an IPv4 address',
    }).optional(),
  }),
  {
    description: "This router's place in the mesh: node and instance, or id.",
    example: { node: 1234, instance: 2 },
    expects: 'a map of node and instance, or of id',
  },
);

const wireguard = field(
  z.strictObject({
    backend: usual(
      word(['auto', 'kernel', 'userspace'], {
        description: "auto: the kernel's WireGuard, or wireguard-go where the kernel has none.",
        example: 'auto',
      }),
      'auto',
    ),
    setup: usual(
      word(['auto', 'wg', 'netlink'], {
        description:
          'How a new tunnel gets its configuration: by the wg tool, or by netlink without a program. auto: by netlink where more than 16 are made at once.',
        example: 'auto',
      }),
      'auto',
    ),
    threaded: usual(
      field(z.union([z.boolean(), z.literal('auto')]), {
        description:
          "Whether the kernel receives each peer's packets in a thread of its own (threaded NAPI). auto: as the kernel has it by itself.",
        example: true,
        expects: 'true, false or auto',
      }),
      'auto',
    ),
    privateKeyFile: text(keyFile, {
      description: 'File with the private key of all tunnels without their own privateKeyFile.',
      example: 'keys/private.key',
      expects: 'the name of a file',
      secret: true,
    }).optional(),
  }),
  {
    description: 'Settings for all tunnels.',
    example: { backend: 'auto' },
    expects: 'a map of backend, setup, threaded and privateKeyFile',
  },
);

const otherVersion = (value: unknown): Fault | undefined =>
  typeof value === 'number'
    ? {
        code: 'unknown-version',
        message: `this program reads version 1 of the format, not ${value}`,
        hint: 'version: 1',
      }
    : undefined;

/** A file truncated after `tunnels:` must not delete every tunnel. */
const noEntries = (section: string, value: unknown): Fault | undefined =>
  value === null
    ? {
        code: 'no-value',
        message: `there is nothing under \`${section}\`; was the file cut off?`,
        hint: `${section}: {} if the router has none`,
      }
    : undefined;

/** For keys that are interface names; a separate check checks the name, so that the entry is read even if the name is wrong. */
const name = z.string().meta({ pattern: '^[A-Za-z0-9_.][A-Za-z0-9_.-]{0,14}$' });

const interfaces = field(z.record(name, interfaceSchema), {
  description: 'Local interfaces of the mesh by name.',
  example: {},
  typed: '{eth1: {address: 10.69.12.134/16}}',
  expects: 'a map of interfaces by name',
  explain: (value) => noEntries('interfaces', value),
});

const tunnels = field(z.record(name, tunnelSchema), {
  description: 'WireGuard tunnels by interface name; wgX, where X is the node at the far end.',
  example: {},
  typed: "{wg222: {address: 10.70.89.0/31, listenPort: 51825, peer: {publicKey: the far end's}}}",
  expects: 'a map of tunnels by name',
  explain: (value) => noEntries('tunnels', value),
});

export const stateSchema = z
  .strictObject({
    version: field(z.literal(1), {
      description: 'Version of this format.',
      example: 1,
      expects: 'the number 1',
      explain: otherVersion,
    }),
    router,
    mesh: meshSchema,
    interfaces: usual(interfaces, {}),
    tunnels: usual(tunnels, {}),
    wireguard: usual(wireguard, {}),
    bird: usual(birdSchema, {}),
  })
  .meta({ title: 'wgospf state', description: 'One VPN router of the mesh.' });
