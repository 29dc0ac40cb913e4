// wgospf accepts every state file that the README and the docs show.
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { formatDiagnostics } from '../../src/config/diagnostic.ts';
import { readModel } from '../../src/config/read-model.ts';

const root = new URL('../../', import.meta.url).pathname;
const files = ['README.md', ...globSync('docs/**/*.md', { cwd: root })].sort();

/** YAML blocks after the mark `<!-- state file -->`, with their page. */
const blocks = files.flatMap((file) =>
  [...readFileSync(`${root}${file}`, 'utf8').matchAll(/<!-- state file -->\n+```yaml\n(.*?)```/gs)].map(
    ([, text = ''], index) => ({ name: `${file}, state file ${index + 1}`, text }),
  ),
);

test('README, guide and reference show state files', () => {
  const pages = new Set(blocks.map(({ name }) => name.split(',')[0]));
  expect([...pages]).toEqual(expect.arrayContaining(['README.md', 'docs/guide.md', 'docs/state.md']));
});

test.each(blocks)('$name is accepted', ({ text }) => {
  const { model, diagnostics } = readModel(text, '/etc/wgospf/state.yaml', { ipv6: true, kernelWireguard: true });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  expect(formatDiagnostics(errors, text)).toBe('');
  expect(model).toBeDefined();
});

/** A block without its mark would not be tested. */
test.each(files)('%s marks every state file', (file) => {
  const page = readFileSync(`${root}${file}`, 'utf8');
  const unmarked = page.split(/<!-- state file -->\n+```yaml\n.*?```/gs).join('');
  expect(unmarked).not.toMatch(/^version: 1$/m);
});
