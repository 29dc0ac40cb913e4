// Every text of a state file is read once: its meaning goes from the schema to the checks and into the model.
import { beforeEach, expect, test, vi } from 'vitest';
import { readPlainYaml } from '../../src/config/plain-yaml.ts';
import { readModel } from '../../src/config/read-model.ts';
import { endpoint } from '../../src/config/schema/address-words.ts';
import { yamlTokens } from '../../src/config/yaml-tokens.ts';
import { parseEndpoint } from '../../src/net/endpoint.ts';
import { parsePrefix } from '../../src/net/ip.ts';
import { canonicalArea } from '../../src/net/ospf-area.ts';

vi.mock(import('../../src/net/ip.ts'), async (original) => {
  const real = await original();
  return { ...real, parsePrefix: vi.fn(real.parsePrefix) };
});
vi.mock(import('../../src/net/endpoint.ts'), async (original) => {
  const real = await original();
  return { ...real, parseEndpoint: vi.fn(real.parseEndpoint) };
});
vi.mock(import('../../src/net/ospf-area.ts'), async (original) => {
  const real = await original();
  return { ...real, canonicalArea: vi.fn(real.canonicalArea) };
});
vi.mock(import('../../src/config/plain-yaml.ts'), async (original) => {
  const real = await original();
  return { ...real, readPlainYaml: vi.fn(real.readPlainYaml) };
});
vi.mock(import('../../src/config/yaml-tokens.ts'), async (original) => {
  const real = await original();
  return { ...real, yamlTokens: vi.fn(real.yamlTokens) };
});

beforeEach(() => vi.clearAllMocks());

const ENV = { ipv6: true, kernelWireguard: true, vrf: true };

/** Each tunnel has five prefixes, an endpoint and an area; the rest of the file three prefixes. */
function withTunnels(count: number, address = (i: number): string => `10.70.${i >> 7}.${(2 * i) & 255}/31`): string {
  const tunnels = Array.from({ length: count }, (_, i) => {
    const key = Buffer.alloc(32, `key ${i}.`).toString('base64');
    return `  wg${i}:
    address: [${address(i)}, 'fd70:89::${(2 * i).toString(16)}/127']
    listenPort: ${20_000 + i}
    routes: [10.71.${i}.0/24]
    peer: {publicKey: ${key}, endpoint: "vpn${i}.example.net:51825", allowedIPs: [0.0.0.0/0, '::/0']}
    ospf: {area: 0.0.0.0, type: ptmp}
`;
  });
  return `version: 1
router: {id: 10.69.1.11}
mesh: {table: {name: mesh, id: 2}, isolation: vrf, prefixes: [10.64.0.0/13, fd70:89::/32]}
interfaces: {eth1: {address: 10.69.1.111/16}}
tunnels:
${tunnels.join('')}`;
}

const calls = (): Record<string, number> => ({
  yaml: vi.mocked(readPlainYaml).mock.calls.length + vi.mocked(yamlTokens).mock.calls.length,
  prefixes: vi.mocked(parsePrefix).mock.calls.length,
  endpoints: vi.mocked(parseEndpoint).mock.calls.length,
  areas: vi.mocked(canonicalArea).mock.calls.filter(([text]) => text === '0.0.0.0').length,
});

test.each([10, 100])('a file with %i tunnels is parsed once: as many texts are read as it has', (count) => {
  const { model, diagnostics } = readModel(withTunnels(count), '/etc/wgospf/state.yaml', ENV);
  expect(diagnostics).toEqual([]);
  expect(model?.tunnels).toHaveLength(count);
  expect(calls()).toEqual({ yaml: 1, prefixes: 5 * count + 3, endpoints: count, areas: count });
});

test('of a file with a wrong address only its link is read a second time', () => {
  const { diagnostics } = readModel(
    withTunnels(10, (i) => (i === 3 ? 'nonsense' : `10.70.0.${2 * i}/31`)),
    '/etc/wgospf/state.yaml',
    ENV,
  );
  expect(diagnostics.map(({ code }) => code)).toEqual(['bad-prefix']);
  const { yaml, endpoints } = calls();
  expect({ yaml, endpoints }).toEqual({ yaml: 1, endpoints: 11 });
});

test('the model has the endpoint that the schema made', () => {
  const { model } = readModel(withTunnels(1), '/etc/wgospf/state.yaml', ENV);
  expect(model?.tunnels[0]?.peer.endpoint).toEqual(endpoint('vpn0.example.net:51825'));
});
