// Links in the packaged documents lead to files in the package, and to existing headings.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { documentPath, packagedPage } from '../../packaging/deb/documents.ts';

const root = new URL('../../', import.meta.url).pathname;
const sources = ['README.md', ...globSync('docs/**/*.md', { cwd: root })];
const pages = new Map(
  sources.map((source) => [documentPath(source), packagedPage(source, readFileSync(join(root, source), 'utf8'))]),
);

test('a page of docs/ is one level up', () => {
  const readme = 'See [a](docs/a.md#b), [the tests](test/x.ts), ![p](docs/p.svg) and [w](https://example.org).';
  expect(packagedPage('README.md', readme)).toBe('See [a](a.md#b), the tests,  and [w](https://example.org).');
  expect(packagedPage('docs/a.md', '[r](../README.md) [d](adr/0001-x.md) [h](#h)')).toBe(
    '[r](README.md) [d](adr/0001-x.md) [h](#h)',
  );
  expect(packagedPage('docs/adr/0001-x.md', '[a](../a.md) [o](0002-y.md)')).toBe('[a](../a.md) [o](0002-y.md)');
  expect(() => packagedPage('src/main.ts', '')).toThrow('src/main.ts is no document');
});

test.each([...pages])('every link of %s leads into the package or to the repository', (page, text) => {
  const links = [...text.matchAll(/\]\(([^)\s#]+)[^)\s]*\)/g)].map(([, link = '']) => link);
  const local = links.filter((link) => !/^[a-z]+:/.test(link));
  const missing = local.filter((link) => !pages.has(normalize(join(dirname(page ?? ''), link))));
  expect(missing).toEqual([]);
});
