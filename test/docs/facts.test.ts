// An existing test proves each fact of docs/facts.md: the link's text is a title in the linked file.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const docs = new URL('../../docs/', import.meta.url).pathname;
const facts = readFileSync(join(docs, 'facts.md'), 'utf8');
const rows = [...facts.matchAll(/\[([^\]]+)\]\((\.\.\/test\/\S+?\.ts)\)/g)];

test('the page has facts', () => expect(rows.length).toBeGreaterThan(20));

test.each(rows.map(([, title = '', file = '']) => [title, file]))('the test of a fact exists: %s', (title, file) => {
  const text = readFileSync(join(docs, file), 'utf8');
  expect([`'${title}'`, `"${title}"`].filter((quoted) => text.includes(quoted))).toHaveLength(1);
});
