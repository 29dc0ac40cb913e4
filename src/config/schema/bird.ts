// `bird:`: what is BIRD's alone.
import { z } from 'zod';
import { DEFAULT_BIRD } from '../../model/defaults.ts';
import type { State } from '../../model/state.ts';
import { field, flag, integer, text } from './field.ts';
import { area, network } from './address-words.ts';
import { absolutePath } from './file-words.ts';

const ospf = field(
  z.strictObject({
    area: field(
      z.union([
        z.int().min(0).max(4294967295),
        text(area, { description: 'As a dotted quad.', example: '0.0.0.0', expects: 'a dotted quad' }),
      ]),
      {
        description: 'OSPF area of all links, as a number or dotted quad.',
        example: 0,
        expects: 'a number from 0 to 4294967295, or a dotted quad',
      },
    ).default(DEFAULT_BIRD.area),
    export: field(
      z.union([
        z.literal('none'),
        z.array(
          text(network('IPv4', '10.70.120.0/24'), {
            description: 'A network.',
            example: '10.70.120.0/24',
            expects: 'an IPv4 network',
          }),
        ),
      ]),
      {
        description: 'What this router originates into the mesh beside its own links: none, or networks.',
        example: 'none',
        expects: '`none`, or a list of networks',
        explain: (value) =>
          value === 'all'
            ? {
                code: 'wrong-word',
                message: "`all` would announce this router's own uplink to the whole mesh",
                hint: 'export: none, or the networks themselves: [10.70.120.0/24]',
              }
            : undefined,
      },
    ).default('none'),
  }),
  { description: 'The OSPF instance.', example: { area: 0, export: 'none' }, expects: 'a map of area and export' },
);

const kernel = field(
  z.strictObject({
    metric: integer(1, 4294967294, {
      description: 'Metric of the routes that BIRD puts into the table of the mesh; the guard route has 4294967295.',
      example: DEFAULT_BIRD.metric,
    }).default(DEFAULT_BIRD.metric),
    persist: flag({ description: 'Leave the routes in the table when BIRD stops.', example: true }).default(
      DEFAULT_BIRD.persist,
    ),
    scanTime: integer(1, 3600, {
      description: "Seconds between BIRD's looks at the table.",
      example: DEFAULT_BIRD.scanTime,
    }).default(DEFAULT_BIRD.scanTime),
  }),
  { description: "BIRD's kernel protocol.", example: { metric: 64 }, expects: 'a map of metric, persist and scanTime' },
);

const path = (description: string, example: string): z.ZodType<string> =>
  text(absolutePath(example), { description, example, expects: 'an absolute path' }).default(example);

export const birdSchema: z.ZodType<State['bird']> = field(
  z.strictObject({
    ospf: ospf.prefault({}),
    kernel: kernel.prefault({}),
    configFile: path("BIRD's configuration file, which wgospf writes.", DEFAULT_BIRD.configFile),
    controlSocket: path("BIRD's control socket.", DEFAULT_BIRD.controlSocket),
  }),
  {
    description: "What is BIRD's alone; costs and types stand beside each link.",
    example: { ospf: { area: 0 } },
    expects: 'a map of ospf, kernel, configFile and controlSocket',
  },
);
