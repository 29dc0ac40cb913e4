// docs/state.md names every key of the state file with its default, and no key that the schema does not have.
import { readFileSync } from 'node:fs';
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
  const rows = markdown.matchAll(/^\| `([A-Za-z.]+)`\s*\|[^|]*\|([^|]*)\|/gm);
  return new Map([...rows].map(([, key = '', fallback = '']) => [key, fallback.trim()]));
}

const schema = keysOf(jsonSchema() as Schema);
const table = documented(readFileSync(new URL('../../docs/state.md', import.meta.url), 'utf8'));

test('every key of the schema is in the reference, and no other', () => {
  expect([...table.keys()].sort()).toEqual([...schema.keys()].sort());
});

test('every default of the schema is the one in the reference', () => {
  const scalars = [...schema].filter(([, { default: d }]) => ['string', 'number', 'boolean'].includes(typeof d));
  expect(scalars.length).toBeGreaterThan(20);
  for (const [key, { default: value }] of scalars) {
    expect(`${key}: ${table.get(key)?.replaceAll('`', '') ?? ''}`).toBe(`${key}: ${String(value)}`);
  }
});
