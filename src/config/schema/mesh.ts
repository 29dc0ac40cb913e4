// `mesh:`: the table, the networks of the mesh, and the priorities of its rules.
import * as z from 'zod';
import { DEFAULT_PRIORITIES } from '../../model/defaults.ts';
import type { Priorities } from '../../model/types.ts';
import { field, integer, text, usual, word } from './field.ts';
import { network } from './address-words.ts';
import { tableName } from './file-words.ts';

const table = field(
  z.union([
    z.literal('main'),
    z.strictObject({
      name: text(tableName, {
        description: 'Its name in /etc/iproute2/rt_tables.d.',
        example: 'nycmesh',
        expects: 'a name',
      }),
      id: integer(1, 4294967295, { description: "Its number; 253 to 255 are the kernel's own.", example: 2 }),
    }),
  ]),
  {
    description:
      'The routing table of the mesh; `main` where the router has no other uplink: then no rule and no guard stands.',
    example: { name: 'nycmesh', id: 2 },
    expects: '`main`, or a map of name and id',
    explain: (value) =>
      typeof value === 'string' || typeof value === 'number'
        ? {
            code: 'wrong-type',
            message: `a separate table has both a name and a number; only \`main\` stands alone`,
            hint: typeof value === 'number' ? `table: {name: nycmesh, id: ${value}}` : `table: {name: ${value}, id: 2}`,
          }
        : undefined,
  },
);

const rows: Record<keyof Priorities, string> = {
  localTo: 'local traffic to the mesh looks into its table',
  localFrom: 'local traffic from an own mesh address looks into its table',
  localGuard: 'local traffic of the mesh that found no route ends here',
  localSkip: 'all other local traffic skips to `end`',
  transitMesh: 'what goes to the mesh stays clear of the next row',
  transitOut:
    "what comes by the mesh from a network of `transit`, or from the mesh of an exit, leaves by main's routes",
  interface: 'what comes in by a local mesh interface looks into the table',
  tunnel: 'what comes in by a tunnel looks into the table',
  transitIn: 'with `transit` or an exit: what comes in by any other interface with an address of the mesh is dropped',
  spoofGuard:
    'what comes in by any other interface with an address of the mesh is dropped; what else goes to a network of `transit`, or to the mesh of an exit, looks into the table',
  reverseGuard: 'what comes in by any other interface cannot reach the mesh',
  forwardGuard: 'what came from the mesh and found no route ends here',
  end: 'where skipped traffic goes on',
};

const order = Object.keys(rows) as (keyof Priorities)[];

/** The lowest allowed priority: two rules for the sockets of VRFs come before `localTo`, and 0 is the kernel's own. */
const least = (row: keyof Priorities): number => (row === 'localTo' ? 3 : 1);

const priority = (row: keyof Priorities): z.ZodOptional<z.ZodInt> =>
  usual(
    integer(least(row), 32765, { description: `Rule priority: ${rows[row]}.`, example: DEFAULT_PRIORITIES[row] }),
    DEFAULT_PRIORITIES[row],
  );

const priorities = field(
  z.strictObject({
    ...(Object.fromEntries(order.map((row) => [row, priority(row)])) as Record<
      keyof Priorities,
      ReturnType<typeof priority>
    >),
  }),
  {
    description: 'Priorities of the rules, each greater than the one before.',
    example: { interface: 1021, tunnel: 1031 },
    expects: 'a map of rule priorities',
  },
);

const isolation = word(['table', 'vrf', 'netns'], {
  description:
    'What keeps the mesh apart: a routing table with rules; a VRF device; or a network namespace. Device and namespace bear the name of the table.',
  example: 'table',
});

const transit = field(
  z.union([
    z.literal('none'),
    z
      .array(
        text(network('10.69.2.0/24'), {
          description: 'A network inside `prefixes`.',
          example: '10.69.2.0/24',
          expects: 'a network',
        }),
      )
      .min(1),
  ]),
  {
    description:
      'Networks of the mesh that other interfaces than those of the mesh reach through this router, and whose packets may leave by them.',
    example: ['10.69.2.0/24'],
    expects: '`none`, or a list of networks',
  },
);

const exit = word(['deny', 'allow'], {
  description:
    "Whether the mesh may use the router's own routes (table main): `allow` makes this router the mesh's gateway to the internet.",
  example: 'deny',
});

const firewall = word(['auto', 'none', 'nftables'], {
  description:
    'Whether nftables guards the mesh too, in a table of its own (`inet wgospf`), beside the rules that always do: `auto` drops what crosses, where nftables is there; `nftables` wants it, and does more.',
  example: 'auto',
});

const match = word(['iif', 'mark'], {
  description:
    'How rules know what came in by the mesh: by a rule for each interface, or by one rule for a mark that nftables sets.',
  example: 'iif',
});

export const meshSchema = field(
  z.strictObject({
    table,
    isolation: usual(isolation, 'table'),
    prefixes: field(
      z
        .array(
          text(network('10.69.0.0/16'), {
            description: 'A network of the mesh.',
            example: '10.69.0.0/16',
            expects: 'a network',
          }),
        )
        .min(1),
      {
        description: 'The networks of the mesh: guards keep their traffic off every other interface.',
        example: ['10.69.0.0/16', '10.70.0.0/16'],
        expects: 'a list of networks',
      },
    ),
    transit: usual(transit, 'none'),
    exit: usual(exit, 'deny'),
    firewall: usual(firewall, 'auto'),
    match: usual(match, 'iif'),
    priorities: usual(priorities, {}),
  }),
  {
    description: 'The mesh as this router sees it.',
    example: { table: { name: 'nycmesh', id: 2 }, prefixes: ['10.69.0.0/16'] },
    expects: 'a map of table and prefixes',
  },
);
