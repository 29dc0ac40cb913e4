// The schema with which editors complete and check a state file.
import { describe, expect, it } from 'vitest';
import { jsonSchema } from '../../src/config/json-schema.ts';

interface Node {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Node | boolean;
  readonly pattern?: string;
  readonly const?: unknown;
  readonly examples?: readonly unknown[];
  readonly errorMessage?: string;
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

  it('requires exactly the keys without a default', () => {
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

  it('has a pattern for every text with a format, and each pattern accepts its examples', () => {
    const texts = nodes(schema).filter(
      ([, { type, ...node }]) => type === 'string' && !('enum' in node) && !('const' in node),
    );
    expect(texts.filter(([, { pattern }]) => pattern === undefined).map(([path]) => path)).toEqual([]);
    for (const [path, { pattern = '', examples = [] }] of texts)
      for (const example of examples) expect(String(example), path).toMatch(new RegExp(pattern, 'u'));
  });

  it.each([
    ['tunnels.*.address', '10.70.89.0'],
    ['tunnels.*.routes[]', '10.70.120.0/24/8'],
    ['tunnels.*.peer.endpoint', '2001:db8::1:51825'],
    ['tunnels.*.peer.endpoint', 'vpn222.example.net'],
    ['tunnels.*.peer.presharedKeyFile', '+9R/H4k53cJTnxfMoXINjlOPrCad8a/nZ9rKdNE9ulg='],
    ['tunnels.*.privateKeyFile', '~/wg222.key'],
    ['tunnels.*.privateKeyFile', 'keys/'],
    ['router.id', '10.69.1'],
    ['bird.controlSocket', 'bird.ctl'],
    ['bird.include', 'bird.d/*.conf'],
    ['mesh.table|.name', 'main'],
  ])('refuses a bad value at %s: %s', (path, value) => {
    const found = nodes(schema).filter(([at]) => at.replaceAll('|', '').slice(1) === path.replaceAll('|', ''));
    const texts = found
      .flatMap(([, node]) => [node, ...(node.anyOf ?? [])])
      .filter(({ pattern }) => pattern !== undefined);
    expect(texts.length).toBeGreaterThan(0);
    for (const { pattern = '' } of texts) expect(value).not.toMatch(new RegExp(pattern, 'u'));
  });

  it('offers no map or list as an example for a value of several shapes, because editors insert it as a text', () => {
    const shown = nodes(schema).filter(
      ([, { anyOf, examples = [] }]) => anyOf !== undefined && examples.some((one) => typeof one === 'object'),
    );
    expect(shown.map(([path]) => path)).toEqual([]);
  });

  it('describes the alternatives to `false`', () => {
    const lone = nodes(schema).filter(([, node]) => typeof node.const === 'boolean');
    expect(lone.length).toBeGreaterThan(0);
    for (const [path, { errorMessage }] of lone) expect(errorMessage, path).toMatch(/map/);
  });
});
