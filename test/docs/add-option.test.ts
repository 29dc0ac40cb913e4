// "How to add an OSPF option" in CONTRIBUTING.md names every file that an option needs: no other file contains `retransmit`.
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url).pathname;
const read = (file: string): string => readFileSync(`${root}${file}`, 'utf8');
const section = read('CONTRIBUTING.md').split('## How to add an OSPF option')[1]?.split('\n## ')[0] ?? '';

test('an option that BIRD takes unchanged is in three source files, which the guide names', () => {
  const files = globSync('src/**/*.ts', { cwd: root }).filter((file) => /\bretransmit\b/.test(read(file)));
  expect(files).toHaveLength(3);
  for (const file of files) expect(section).toContain(`\`${file}\``);
});

test('an OSPF option has one row in the reference', () => {
  const rows = read('docs/state.md')
    .split('\n')
    .filter((line) => /^\|.*\bretransmit\b/.test(line));
  expect(rows).toHaveLength(1);
});
