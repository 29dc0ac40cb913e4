// `bird.ospf` and each of `bird.instances`: areas, announced networks, and the version of OSPF for each family.
import * as z from 'zod';
import { DEFAULT_BIRD } from '../../model/defaults.ts';
import type { LimitAction } from '../../model/types.ts';
import type { Fault } from '../problem.ts';
import { area, network } from './address-words.ts';
import { birdName, interfacePattern } from './bird-words.ts';
import { field, flag, integer, text, usual, word } from './field.ts';
import { areas } from './ospf-area.ts';

/** An area as a number or dotted quad; read as decimal text. */
export const areaNumber = (description: string): z.ZodType<string> =>
  field(
    z.union([
      z
        .int()
        .min(0)
        .max(4294967295)
        .overwrite(String as unknown as (area: number) => number) as unknown as z.ZodType<string>,
      text(area, { description: 'As a dotted quad.', example: '0.0.0.0', expects: 'a dotted quad' }),
    ]),
    { description, example: 0, expects: 'a number from 0 to 4294967295, or a dotted quad' },
  );

const noAll = (value: unknown): Fault | undefined =>
  value === 'all'
    ? {
        code: 'wrong-word',
        message: "`all` would announce this router's own uplink to the whole mesh",
        hint: 'export: none, or the networks themselves: [10.70.120.0/24]',
      }
    : undefined;

const exported = field(
  z.union([
    z.enum(['none', 'connected']),
    z.array(
      text(network('10.70.120.0/24'), {
        description: 'A network.',
        example: '10.70.120.0/24',
        expects: 'a network',
      }),
    ),
    z.strictObject({
      filter: text(birdName('to_mesh'), {
        description: "Name of a filter in the operator's snippets (bird.include).",
        example: 'to_mesh',
        expects: 'the name of a filter',
      }),
    }),
  ]),
  {
    description:
      'What this router originates into the mesh beside its own links: none; connected, the networks of every mesh interface, those without OSPF too; networks; or what a filter of bird.include accepts.',
    example: 'none',
    expects: '`none`, `connected`, a list of networks, or a map with filter',
    explain: noAll,
  },
);

const ACTIONS: readonly [LimitAction, ...LimitAction[]] = ['block', 'warn', 'disable', 'restart'];

const routes = integer(1, 4294967295, { description: 'The most routes.', example: 5000 });

const importLimit = field(
  z.union([
    routes,
    z.strictObject({
      routes,
      action: word(ACTIONS, {
        description: 'What BIRD does with more: block ignores them, warn accepts and logs them.',
        example: 'block',
      }),
    }),
  ]),
  {
    description: 'Most routes that BIRD accepts from the mesh, per family; a number alone blocks further routes.',
    example: 5000,
    expects: 'a number of routes, or a map of routes and action',
  },
);

const instance = z.strictObject({
  area: usual(areaNumber('OSPF area of links that name none, as a number or dotted quad.'), DEFAULT_BIRD.area),
  areas: usual(areas, {}),
  export: usual(exported, 'none'),
  importLimit: importLimit.optional(),
  stubRouter: usual(
    flag({
      description: 'Other routers send no traffic through this router, only to it: for work on the router.',
      example: false,
    }),
    false,
  ),
  ipv4: usual(
    word(['v2', 'v3'], {
      description: 'OSPFv2 or OSPFv3 (RFC 5838) for IPv4; the whole mesh must use the same.',
      example: 'v2',
    }),
    'v2',
  ),
  ipv6: flag({
    description: 'OSPFv3 for IPv6. Default: on if a link of this instance has an IPv6 address.',
    example: true,
  }).optional(),
  tunnelPattern: text(interfacePattern('wg*'), {
    description:
      'Tunnels whose names match and whose `ospf` is alike share one clause, so that another such tunnel needs no reload. BIRD then speaks OSPF on every interface of that name, wgospf made it or not.',
    example: 'wg*',
    expects: 'a pattern of interface names',
  }).optional(),
});

export const ospfInstance = (description: string) =>
  field(instance, {
    description,
    example: { area: 0, export: 'none' },
    expects: 'a map of area, areas, export and others',
  });
