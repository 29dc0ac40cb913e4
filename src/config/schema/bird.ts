// `bird:`: the settings only for BIRD.
import * as z from 'zod';
import { DEFAULT_BIRD } from '../../model/defaults.ts';
import type { Fault } from '../problem.ts';
import { snippetPattern } from './bird-words.ts';
import { field, flag, integer, text, usual } from './field.ts';
import { absolutePath } from './file-words.ts';
import { ospfInstance } from './ospf-instance.ts';

const wrongVersion = (value: unknown): Fault | undefined =>
  typeof value === 'string' && /^[23](\.|$)/.test(value)
    ? {
        code: 'wrong-word',
        message: 'BIRD 2 and 3 are written as one number, without quotes',
        hint: `version: ${value.charAt(0)}`,
      }
    : undefined;

const version = field(z.union([z.literal('auto'), z.literal('1.6'), z.literal(1.6), z.literal(2), z.literal(3)]), {
  description: 'Version of BIRD for which wgospf writes; auto: the installed version.',
  example: 'auto',
  expects: 'one of auto, 1.6, 2, 3',
  explain: wrongVersion,
});

/** A separate check checks the name of an instance. */
const instance = z.string().meta({ pattern: '^[A-Za-z][A-Za-z0-9_]{0,31}$' });

const kernel = field(
  z.strictObject({
    metric: usual(
      integer(1, 4294967294, {
        description: 'Metric of the routes that BIRD puts into the table of the mesh; the guard route has 4294967295.',
        example: DEFAULT_BIRD.metric,
      }),
      DEFAULT_BIRD.metric,
    ),
    persist: usual(
      flag({ description: 'Leave the routes in the table when BIRD stops.', example: true }),
      DEFAULT_BIRD.persist,
    ),
    scanTime: usual(
      integer(1, 3600, { description: "Seconds between BIRD's scans of the table.", example: DEFAULT_BIRD.scanTime }),
      DEFAULT_BIRD.scanTime,
    ),
  }),
  { description: "BIRD's kernel protocol.", example: { metric: 64 }, expects: 'a map of metric, persist and scanTime' },
);

const path = (description: string, example: string): z.ZodOptional<z.ZodType<string, string>> =>
  usual(text(absolutePath(example), { description, example, expects: 'an absolute path' }), example);

export const birdSchema = field(
  z.strictObject({
    version: usual(version, 'auto'),
    ospf: usual(ospfInstance('The OSPF instance of links that name none: protocols mesh4 and mesh6.'), {}),
    instances: usual(
      field(z.record(instance, ospfInstance('An OSPF instance: protocols NAME4 and NAME6.')), {
        description: 'Further OSPF instances by name; a link belongs to one instance.',
        example: {},
        typed: '{campus: {area: 0}}',
        expects: 'a map of OSPF instances by name',
      }),
      {},
    ),
    include: text(snippetPattern('/etc/wgospf/bird.d/*.conf'), {
      description: "The operator's own snippets, included after the router id and before the first protocol.",
      example: '/etc/wgospf/bird.d/*.conf',
      expects: 'an absolute path, which may end in a pattern',
    }).optional(),
    kernel: usual(kernel, {}),
    configFile: path("BIRD's configuration file, which wgospf writes.", DEFAULT_BIRD.configFile),
    controlSocket: path("BIRD's control socket.", DEFAULT_BIRD.controlSocket),
  }),
  {
    description: 'Settings of BIRD; costs and types are in `ospf` of each link.',
    example: { ospf: { area: 0 } },
    expects: 'a map of version, ospf, instances, include, kernel, configFile and controlSocket',
  },
);
