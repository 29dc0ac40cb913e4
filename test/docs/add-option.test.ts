// "How to add a word of OSPF" in CONTRIBUTING.md names every place that such a word has: `retransmit` is in no other.
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url).pathname;
const read = (file: string): string => readFileSync(`${root}${file}`, 'utf8');
const section = read('CONTRIBUTING.md').split('## How to add a word of OSPF')[1]?.split('\n## ')[0] ?? '';

test('a word that BIRD takes as it is stands in three source files, which the guide names', () => {
  const files = globSync('src/**/*.ts', { cwd: root }).filter((file) => /\bretransmit\b/.test(read(file)));
  expect(files).toHaveLength(3);
  for (const file of files) expect(section).toContain(`\`${file}\``);
});

test('a word of OSPF has one row in the reference', () => {
  const rows = read('docs/state.md')
    .split('\n')
    .filter((line) => /^\|.*\bretransmit\b/.test(line));
  expect(rows).toHaveLength(1);
});
