// docs/state.md names every key of the state file with its default and every warning, and no others.
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { jsonSchema } from '../../src/config/json-schema.ts';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly default?: unknown;
}

/** Every key with its schema, an entry of a map as NAME: `tunnels.NAME.peer.publicKey`. */
function keysOf(schema: Schema, path = ''): Map<string, Schema> {
  const found = new Map<string, Schema>();
  const add = (name: string, inner: Schema): void => {
    const full = path === '' ? name : `${path}.${name}`;
    if (name !== 'NAME') found.set(full, inner);
    for (const [key, value] of keysOf(inner, full)) found.set(key, value);
  };
  for (const [name, inner] of Object.entries(schema.properties ?? {})) add(name, inner);
  if (typeof schema.additionalProperties === 'object') add('NAME', schema.additionalProperties);
  for (const choice of schema.anyOf ?? []) for (const [key, value] of keysOf(choice, path)) found.set(key, value);
  return found;
}

/** Default cell by key, of every table row whose first cell is a key. */
function documented(markdown: string): Map<string, string> {
  const rows = markdown.matchAll(/^\| `([A-Za-z0-9.]+)`\s*\|[^|]*\|([^|]*)\|/gm);
  return new Map([...rows].map(([, key = '', fallback = '']) => [key, fallback.trim()]));
}

const schema = keysOf(jsonSchema());
const root = new URL('../../', import.meta.url).pathname;
const page = readFileSync(`${root}docs/state.md`, 'utf8');
const table = documented(page);

/** An `ospf` key that interfaces and tunnels share needs one row. */
const rowOf = (key: string): string => (table.has(key) ? key : key.replace(/^interfaces(?=\.NAME\.ospf\.)/, 'tunnels'));

test('the reference has exactly the keys of the schema', () => {
  expect([...table.keys()].sort()).toEqual([...new Set([...schema.keys()].map(rowOf))].sort());
});

test('the reference has every default of the schema', () => {
  const scalars = [...schema].filter(([, { default: d }]) => ['string', 'number', 'boolean'].includes(typeof d));
  expect(scalars.length).toBeGreaterThan(20);
  for (const [key, { default: value }] of scalars) {
    expect(`${key}: ${table.get(rowOf(key))?.replaceAll('`', '') ?? ''}`).toBe(`${key}: ${String(value)}`);
  }
});

/** The code is at most two lines before or after its severity. */
function warningCodes(): string[] {
  const texts = globSync('src/config/**/*.ts', { cwd: root }).map((file) => readFileSync(`${root}${file}`, 'utf8'));
  const before = texts.flatMap((text) => [...text.matchAll(/code: ([^\n]*),\s*severity: [^,\n]*'warning'/g)]);
  return before.flatMap(([, code = '']) => [...code.matchAll(/'([a-z-]+)'/g)].map(([, word = '']) => word)).sort();
}

test('the reference has every warning', () => {
  const rows = page.split('Warnings, with which')[1]?.matchAll(/^\| `([a-z-]+)`/gm) ?? [];
  const named = [...rows].map(([, code]) => code).sort();
  // one expression has the code of an error beside it
  expect(named).toEqual(warningCodes().filter((code) => code !== 'prefix-twice'));
});
