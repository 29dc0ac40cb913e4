// `ospf:` of an interface or tunnel; BIRD's own names.
import * as z from 'zod';
import { INTERFACE_COST, TUNNEL_COST } from '../../model/defaults.ts';
import type { OspfType } from '../../model/types.ts';
import type { Fault } from '../problem.ts';
import { nearest } from '../suggest.ts';
import { field, flag, integer, only, text, usual, word } from './field.ts';
import { authentication } from './authentication.ts';
import { bfd } from './bfd.ts';
import { birdName } from './bird-words.ts';
import { areaNumber } from './ospf-instance.ts';
import { anyAddress } from './address-words.ts';

const neighbors: z.ZodType<string[]> = field(
  z.array(
    text(anyAddress, {
      description: 'Address of a neighbour on this link; for OSPFv3 its link-local one.',
      example: '10.69.12.34',
      expects: 'an address',
    }),
  ),
  {
    description:
      'Neighbours that hellos are sent to by unicast (ptmp, nbma). Default for ptmp: the far end of a /31, a /30 or peerAddress, and its link-local address where OSPFv3 is spoken.',
    example: ['10.69.12.34'],
    expects: 'a list of addresses',
  },
);

/** The fault for `1:30`: it was a number of seconds in YAML 1.1, and is a text in 1.2. */
function clockTime(name: string, value: unknown): Fault | undefined {
  const [, minutes, rest] = (typeof value === 'string' && /^(\d{1,3}):([0-5]\d)$/.exec(value)) || [];
  if (minutes === undefined || rest === undefined) return undefined;
  const hint = `${name}: ${Number(minutes) * 60 + Number(rest)}`;
  return { code: 'wrong-type', message: `\`${name}\` is a number of seconds`, hint };
}

const seconds = (name: string, example: number, fallback: string): z.ZodInt =>
  integer(1, 65535, {
    description: `OSPF ${name} interval in seconds; both ends must agree. Default: ${fallback}.`,
    example,
    clamp: true,
    explain: (value) => clockTime(name, value),
  });

/** Our types by the names that other routers use. */
const TYPE_NAMES: Readonly<Record<string, OspfType>> = {
  'point-to-point': 'ptp',
  pointopoint: 'ptp',
  pointtopoint: 'ptp',
  p2p: 'ptp',
  'point-to-multipoint': 'ptmp',
  pointomultipoint: 'ptmp',
  p2mp: 'ptmp',
  bcast: 'broadcast',
};

function wrongType(types: readonly OspfType[], value: unknown): Fault | undefined {
  if (typeof value !== 'string') return undefined;
  const meant = TYPE_NAMES[value.toLowerCase()] ?? nearest(value, types);
  if (meant !== undefined && types.includes(meant)) {
    return {
      code: 'wrong-word',
      message: `\`${value}\` is no OSPF type; did you mean \`${meant}\`?`,
      hint: `type: ${meant}`,
    };
  }
  if (value !== 'broadcast' && value !== 'nbma') return undefined;
  return {
    code: 'wrong-word',
    message: `a tunnel has one peer and no broadcast, so its type is ptp or ptmp, not ${value}`,
    hint: 'type: ptp',
  };
}

/** The settings that tunnels and interfaces share. */
const words = {
  neighbors: neighbors.optional(),
  stub: flag({
    description: "Announce the link's network but speak no OSPF on it. Default: true on a dummy interface, else false.",
    example: true,
  }).optional(),
  hello: seconds('hello', 10, "BIRD's own, 10").optional(),
  dead: seconds('dead', 40, "BIRD's own, four times hello").optional(),
  // proto/ospf/config.Y: Retransmit int must be greater than one
  retransmit: integer(2, 65535, {
    description: "Seconds until an unacknowledged packet is sent again. Default: BIRD's own, 5.",
    example: 5,
    clamp: true,
    explain: (value) => clockTime('retransmit', value),
  }).optional(),
  priority: integer(0, 255, {
    description:
      "Priority in the election of the designated router (broadcast, nbma); 0: never elected. Default: BIRD's own, 1.",
    example: 1,
    clamp: true,
  }).optional(),
  txLength: integer(256, 65535, {
    description: "Bytes of the largest OSPF packet that BIRD sends. Default: BIRD's own, the MTU.",
    example: 1420,
    clamp: true,
  }).optional(),
  ttlSecurity: field(z.union([z.boolean(), z.literal('tx only')]), {
    description:
      'Requires neighbours to be one hop away (RFC 5082); `tx only` lets neighbours require it of this router.',
    example: true,
    expects: 'true, false or `tx only`',
  }).optional(),
  bfd: bfd.optional(),
  authentication: authentication.optional(),
  area: areaNumber("OSPF area of this link. Default: the instance's own, bird.ospf.area.").optional(),
  instance: text(birdName('campus'), {
    description: 'The instance of bird.instances to which the link belongs. Default: that of bird.ospf.',
    example: 'campus',
    expects: 'the name of an instance',
  }).optional(),
};

function ospf(cost: number, types: readonly [OspfType, ...OspfType[]], typeWords: string) {
  const map = z.strictObject({
    cost: usual(integer(1, 65535, { description: 'OSPF cost of this link.', example: cost, clamp: true }), cost),
    type: usual(
      word(types, { description: typeWords, example: 'ptp', explain: (value) => wrongType(types, value) }),
      'ptp',
    ),
    ...words,
  });
  return field(z.union([only(false, '`ospf` is on unless it is false; a map says how: {cost: 15}'), map]), {
    description: 'OSPF on this link; `false` for none. Absent: on, with the defaults of each field.',
    example: { cost, type: 'ptp' },
    expects: '`false`, or a map of cost, type, neighbors, stub and others',
    explain: (value) =>
      value === true
        ? {
            code: 'wrong-type',
            message: '`ospf` is on unless it is `false`; a map has its settings',
            hint: `ospf: {}, for cost ${cost} and type ptp`,
          }
        : undefined,
  });
}

export const tunnelOspf = ospf(
  TUNNEL_COST,
  ['ptp', 'ptmp'],
  'OSPF network type; both ends must agree. ptp: multicast inside the tunnel; ptmp: unicast, as the older routers have it.',
);

export const interfaceOspf = ospf(
  INTERFACE_COST,
  ['ptp', 'ptmp', 'broadcast', 'nbma'],
  'OSPF network type; both ends must agree. ptp to a MikroTik router, ptmp to other BIRDs, broadcast where several routers share a segment.',
);
