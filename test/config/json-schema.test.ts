// What editors get to complete and check a state file by.
import { describe, expect, it } from 'vitest';
import { jsonSchema } from '../../src/config/json-schema.ts';

interface Node {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Node | boolean;
  readonly anyOf?: readonly Node[];
  readonly items?: Node;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly propertyNames?: { readonly pattern?: string };
}

const schema = JSON.parse(JSON.stringify(jsonSchema())) as Node;
const tunnel = schema.properties?.['tunnels']?.additionalProperties as Node;

function nodes(node: Node, path = ''): [string, Node][] {
  const below = Object.entries(node.properties ?? {}).flatMap(([key, child]) => nodes(child, `${path}.${key}`));
  const entry = typeof node.additionalProperties === 'object' ? nodes(node.additionalProperties, `${path}.*`) : [];
  return [
    [path, node],
    ...below,
    ...entry,
    ...(node.anyOf ?? []).flatMap((n) => nodes(n, `${path}|`)),
    ...(node.items ? nodes(node.items, `${path}[]`) : []),
  ];
}

describe('the JSON Schema', () => {
  it('describes every field', () => {
    const bare = nodes(schema).filter(([path, node]) => !path.endsWith('|') && node.description === undefined);
    expect(bare.map(([path]) => path)).toEqual([]);
  });

  it('refuses unknown keys in every map of fixed keys', () => {
    const open = nodes(schema).filter(
      ([, node]) => node.properties !== undefined && node.additionalProperties !== false,
    );
    expect(open.map(([path]) => path)).toEqual([]);
  });

  it('asks for what has no default, and for nothing else', () => {
    expect(schema.required).toEqual(['version', 'router', 'mesh']);
    expect(tunnel.required).toEqual(['listenPort', 'peer']);
    expect(tunnel.properties?.['peer']?.required).toEqual(['publicKey']);
  });

  it('shows defaults and bounds', () => {
    expect(tunnel.properties?.['mtu']).toMatchObject({ type: 'integer', default: 1420, minimum: 576, maximum: 65535 });
    expect(schema.properties?.['bird']?.properties?.['kernel']?.properties).toMatchObject({
      metric: { default: 64 },
      persist: { default: true },
    });
    expect(schema.properties?.['mesh']?.properties?.['priorities']?.properties?.['tunnel']?.default).toBe(1031);
    expect(schema.properties?.['tunnels']?.propertyNames?.pattern).toMatch(/^\^.*\$$/);
  });
});
