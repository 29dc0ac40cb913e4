// The quick reader of plain YAML: for all that it accepts, the parser of all YAML reads the same, each value at the same position.
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Path } from '../../src/config/locate.ts';
import { parseAllYaml } from '../../src/config/parse-yaml.ts';
import { readPlainYaml } from '../../src/config/plain-yaml.ts';

const folder = new URL('good/', import.meta.url);
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'));

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const parts = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [
    path,
    ...parts.flatMap((part) => pathsOf((value as Record<string | number, unknown>)[part], [...path, part])),
  ];
}

/** Whether it was accepted. */
function compare(text: string): boolean {
  const plain = readPlainYaml(text);
  if (plain === undefined) return false;
  const all = parseAllYaml(text, 'state.yaml');
  expect(all.problems, text).toEqual([]);
  expect(plain.value, text).toStrictEqual(all.value);
  for (const path of pathsOf(plain.value))
    expect(plain.place(path), `${text}\n${path.join('.')}`).toEqual(all.locator.place(path));
  return true;
}

const usual = fc.constantFrom(
  ...[
    '15',
    '0',
    'true',
    'false',
    'a',
    'keys/wg1.key',
    '10.70.89.0/31',
    'fd70:89::1/127',
    '::/0',
    'a:b',
    'hmac sha256',
    'a  b',
  ],
  ...[
    '"a: b"',
    "'a # b'",
    '"[2001:db8::1]:51825"',
    'xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=',
    '1:30',
    'wg*',
    '10.0.0.1',
  ],
);
const odd = fc.constantFrom(
  ...[
    '007',
    '1.6',
    '-1',
    '+1',
    '1e3',
    '0x10',
    '0o7',
    '.5',
    '1.',
    '1_000',
    '123456789012345678901',
    '::1/128',
    'fe80::',
    ':a',
  ],
  ...[
    'True',
    'yes',
    'null',
    'Null',
    '~',
    '.inf',
    '.nan',
    '',
    '*a',
    '&a',
    '!a',
    '-',
    '- a',
    '--a',
    'a:',
    'a: b',
    'a :b',
    'a#b',
  ],
  ...[
    'a #b',
    '#a',
    'x, y',
    'x,y',
    "'it''s'",
    '"a\\tb"',
    '"a',
    "a'",
    "'a' b",
    '"a"b',
    '|',
    '>-',
    '@a',
    '%a',
    '?',
    '? a',
  ],
);
const scalar = fc.oneof({ arbitrary: usual, weight: 30 }, odd);
const key = fc.oneof(
  {
    arbitrary: fc.constantFrom('a', 'b', 'c', 'd', 'wg1', 'eth0.100', '0.0.0.1', '1', 'null', 'true', '"q"', "'r'"),
    weight: 30,
  },
  fc.constantFrom('-x', 'a b', '__proto__', '<<', 'é', '? a', '&a b'),
);
const space = fc.constantFrom('', '', '', ' ', '  ');
const gap = fc.oneof({ arbitrary: space, weight: 8 }, fc.constantFrom('\n    ', ' \n  ', '\n', '\n\n   ', ' # c\n   '));
const tail = fc.oneof(
  { arbitrary: fc.constant(''), weight: 9 },
  fc.constantFrom(' # c', '#c', '  ', '\n', '\n # c', '\n\n', '\t', '\n---', '\r'),
);

interface Yaml {
  flow: string;
  map: string;
  /** the lines of a block, not yet indented */
  block: string[];
}
const indented = (n: number, lines: readonly string[]): string[] => lines.map((text) => ' '.repeat(n) + text);
const { block } = fc.letrec<Yaml>((tie: fc.LetrecTypedTie<Yaml>) => ({
  flow: fc.oneof({ depthSize: 'small' }, { arbitrary: scalar, weight: 3 }, tie('map')),
  map: fc
    .tuple(
      fc.boolean(),
      fc.array(fc.tuple(key, space, tie('flow'), gap), { maxLength: 3 }),
      gap,
      fc.constantFrom('', '', '', ','),
    )
    .map(([list, pairs, pad, last]) => {
      const inside = pairs.map(([k, s, v, e]) => (list ? `${s}${v}${e}` : `${k}: ${s}${v}${e}`)).join(`,${pad}`);
      return list ? `[${inside}${last}]` : `{${pad}${inside}${last}${pad}}`;
    }),
  block: fc.oneof(
    { depthSize: 'small' },
    fc
      .array(fc.tuple(tie('flow'), tail), { minLength: 1, maxLength: 3 })
      .map((all) => all.map(([v, t]) => `- ${v}${t}`)),
    {
      arbitrary: fc
        .array(
          fc.tuple(
            fc
              .tuple(key, fc.oneof({ arbitrary: fc.constant(':'), weight: 20 }, fc.constantFrom(' :', ':|')))
              .map((all) => all.join('')),
            tail,
            fc.oneof(
              { depthSize: 'small' },
              { arbitrary: fc.tuple(space, tie('flow')).map(([s, v]) => ` ${s}${v}`), weight: 3 },
              fc.tuple(fc.constantFrom(2, 2, 2, 1, 4, 0), tie('block')).map(([n, lines]) => indented(n, lines)),
            ),
          ),
          { minLength: 1, maxLength: 3 },
        )
        .map((all) => all.flatMap(([k, t, v]) => (typeof v === 'string' ? [`${k}${v}${t}`] : [`${k}${t}`, ...v]))),
      weight: 3,
    },
  ),
}));

test('the files of the tests are plain, and read as the parser of all YAML reads them', () => {
  expect(files.map(compare).filter((taken) => taken).length).toBeGreaterThan(files.length / 2);
});

test('lines of any kind: what is taken is read as the parser of all YAML reads it', () => {
  let taken = 0;
  fc.assert(
    fc.property(block, fc.constantFrom('\n', '', '\n\n# end\n', '\n  # end'), (lines, end) => {
      if (compare(lines.join('\n') + end)) taken++;
    }),
    { numRuns: 1500 },
  );
  expect(taken).toBeGreaterThan(200);
});

test('a file with some characters changed: what is taken is read as the parser of all YAML reads it', () => {
  const edit = fc.tuple(fc.nat(), fc.nat(3), fc.oneof(scalar, tail, fc.constantFrom('\n', ' ', '{', ']', ',', ': ')));
  fc.assert(
    fc.property(fc.constantFrom(...files), fc.array(edit, { minLength: 1, maxLength: 3 }), (file, edits) => {
      compare(
        edits.reduce((text, [at, gone, put]) => {
          const from = at % (text.length + 1);
          return text.slice(0, from) + put + text.slice(from + gone);
        }, file),
      );
    }),
    { numRuns: 200 },
  );
});
