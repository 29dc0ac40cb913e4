// `bird.ospf.areas`: the settings of an area. BIRD's own names in camelCase.
import * as z from 'zod';
import type { Prefix } from '../../net/ip.ts';
import { network } from './address-words.ts';
import { field, flag, integer, text, usual, word } from './field.ts';

const prefix = text(network('10.70.120.0/24'), {
  description: 'A network.',
  example: '10.70.120.0/24',
  expects: 'a network',
});

const networks = (description: string): z.ZodType<(Prefix | { prefix: Prefix; hidden?: boolean | undefined })[]> =>
  field(
    z.array(
      field(
        z.union([
          prefix,
          z.strictObject({
            prefix,
            hidden: usual(flag({ description: 'Do not announce it to other areas.', example: true }), false),
          }),
        ]),
        { description: 'A network, or a map of it and hidden.', example: '10.70.120.0/24', expects: 'a network' },
      ),
    ),
    { description, example: ['10.70.120.0/24'], expects: 'a list of networks' },
  );

const area = field(
  z.strictObject({
    type: usual(
      word(['normal', 'stub', 'nssa'], {
        description: 'stub: no external routes; nssa (RFC 3101): only its own. All routers of the area must agree.',
        example: 'stub',
      }),
      'normal',
    ),
    summary: flag({
      description:
        'Whether a stub or nssa area is told the routes of other areas; without, it gets a default route alone.',
      example: false,
    }).optional(),
    defaultCost: integer(1, 65535, {
      description: 'Cost of the default route into a stub or nssa area.',
      example: 1000,
      clamp: true,
    }).optional(),
    defaultNssa: flag({ description: 'Originate a default route into the nssa area.', example: true }).optional(),
    translator: flag({
      description: "Always translate the nssa area's external routes for the backbone.",
      example: true,
    }).optional(),
    networks: networks('Networks of this area, each told to other areas as one route.').optional(),
    external: networks("The same of an nssa area's external routes.").optional(),
  }),
  {
    description: 'One OSPF area.',
    example: { type: 'stub', summary: false },
    expects: 'a map of type, summary, defaultCost and others',
  },
);

/** A number or dotted quad; a separate check checks its value, so that the area is read even if it is wrong. */
const id = z.string().meta({ pattern: '^(\\d{1,10}|\\d+\\.\\d+\\.\\d+\\.\\d+)$' });

export const areas = field(z.record(id, area), {
  description: 'Properties of areas, by area number.',
  example: { 1: { type: 'stub' } },
  expects: 'a map of areas by number',
});
