// Every shipped package has a licence, declared or recognised by its text.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describePackage } from '../../packaging/deb/bundled-package.ts';

const manifest = (more: object = {}): string => JSON.stringify({ name: 'thing', version: '1.2.3', ...more });
const mit = readFileSync(new URL('../../LICENSE', import.meta.url), 'utf8');

test('the licence is that of the manifest', () => {
  const repository = { url: 'git+https://example.org/a/thing.git' };
  expect(describePackage('node_modules/thing', manifest({ license: 'ISC', repository }), 'text')).toEqual({
    name: 'thing',
    version: '1.2.3',
    licence: 'ISC',
    licenceText: 'text',
    folder: 'node_modules/thing',
    homepage: 'https://example.org/a/thing',
  });
});

test('the licence is recognised by its text if the manifest has none', () => {
  expect(describePackage('node_modules/thing', manifest(), mit).licence).toBe('MIT');
  expect(() => describePackage('node_modules/thing', manifest(), 'All rights reserved.')).toThrow(/licence of thing/);
});

test.each([undefined, ' \n'])('a package without a licence text is refused', (text) => {
  expect(() => describePackage('node_modules/thing', manifest({ license: 'MIT' }), text)).toThrow(
    'thing 1.2.3 is in the bundle and has no licence file in node_modules/thing',
  );
});

test.each([
  ['github:a/b', 'https://github.com/a/b'],
  ['a/b', 'https://github.com/a/b'],
  ['https://example.org/a', 'https://example.org/a'],
])('repository %s is recognised', (repository, homepage) => {
  expect(describePackage('f', manifest({ repository }), mit).homepage).toBe(homepage);
});
