// The bill of materials: Node with its parts, each package once, and the same text for the same input.
import { expect, test } from 'vitest';
import { makeSbom } from '../../packaging/deb/sbom.ts';

const entry = (name: string, version: string, folder = `node_modules/${name}`) => ({
  ...{ name, version, folder, licence: 'MIT', licenceText: 'text', homepage: '' },
});
const input = {
  version: '0.1.0',
  architecture: 'amd64',
  epoch: 0,
  packages: [entry('b', '2.0.0'), entry('@x/a', '1.0.0'), entry('b', '2.0.0', 'node_modules/c/node_modules/b')],
  nodeVersions: { node: '24.1.0', v8: '13.6', openssl: '3.5.0', modules: '137' },
  files: { 'usr/lib/wgospf/node': 'abcd' },
};

interface Component {
  readonly name: string;
  readonly purl: string;
  readonly components?: readonly Component[];
}
const read = (text: string) =>
  JSON.parse(text) as { components: Component[]; serialNumber: string; metadata: { timestamp: string } };

test('the bill of materials has exactly the content', () => {
  const { components, metadata } = read(makeSbom(input));
  expect(components.map(({ purl }) => purl)).toEqual([
    'pkg:generic/node@24.1.0',
    'pkg:npm/%40x/a@1.0.0',
    'pkg:npm/b@2.0.0',
  ]);
  expect(components[0]?.components?.map(({ name }) => name)).toEqual(['openssl', 'v8']);
  expect(metadata.timestamp).toBe('1970-01-01T00:00:00.000Z');
});

test('the serial number is derived from the content', () => {
  const number = (version: string): string => read(makeSbom({ ...input, version })).serialNumber;
  expect(number('0.1.0')).toMatch(/^urn:uuid:[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/);
  expect(number('0.1.0')).toBe(number('0.1.0'));
  expect(number('0.1.0')).not.toBe(number('0.1.1'));
});
