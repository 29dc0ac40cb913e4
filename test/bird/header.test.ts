// Whether a file is ours, and whether somebody edited it.
import { expect, test } from 'vitest';
import { generationOf } from '../../src/resources/bird/generation.ts';
import { readHeader } from '../../src/resources/bird/header.ts';
import { renderBirdConf } from '../../src/resources/bird/render.ts';
import { node111 } from './models.ts';

const text = renderBirdConf(node111());
const generation = readHeader(text)?.generation ?? '';

test.for([
  ['as written', text, { generation, intact: true }],
  ['a cost changed', text.replace('cost 15', 'cost 16'), { generation, intact: false }],
  ['a comment added', `${text}# mine\n`, { generation, intact: false }],
  ['the mark changed', text.replace(`. generation ${generation}`, '. generation 0123456789abcdef'), { intact: false }],
  ['the constant gone', text.replace(/^define.*\n/m, ''), { generation: '', intact: false }],
  ['Windows line ends', text.replaceAll('\n', '\r\n'), { generation: '', intact: false }],
  ['cut off', text.slice(0, 30), { generation: '', intact: false }],
] as const)('%s: ours', ([, changed, header]) => {
  expect(readHeader(changed)).toMatchObject(header);
});

test.for<[string, string]>([
  ['nothing', ''],
  ['the packaged file', '# This is a basic configuration file, which contains boilerplate options\n'],
  ['the mark not in the first line', `\n${text}`],
  ['the mark quoted', `# see "# Managed by wgospf from ..."\n${text}`],
])('%s: not ours', ([, foreign]) => {
  expect(readHeader(foreign)).toBeUndefined();
});

// FNV-1a test vectors of draft-eastlake-fnv
test.for<[string, string]>([
  ['', 'cbf29ce484222325'],
  ['a', 'af63dc4c8601ec8c'],
  ['foobar', '85944171f73967e8'],
])('generation of "%s"', ([body, hash]) => {
  expect(generationOf(body)).toBe(hash);
});
