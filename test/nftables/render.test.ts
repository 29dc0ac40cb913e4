// The scripts that nft(8) is given, as text; UPDATE_GOLDEN=1 writes them anew. test/netns/isolation-table-nftables.test.ts has
// nft itself read them.
import { expect, test } from 'vitest';
import { readModel } from '../../src/config/read-model.ts';
import type { RouterModel } from '../../src/model/types.ts';
import { differingFields } from '../../src/engine/diff.ts';
import { nftables } from '../../src/resources/nftables/index.ts';
import { renderScript } from '../../src/resources/nftables/render.ts';
import { specOf } from '../../src/resources/nftables/spec.ts';
import { expectGolden } from '../config/golden.ts';
import { createFakeHost } from '../fakes/fake-host.ts';

const KEY = 'Yaj1JlHlq/qOIeHikQy31Fr4iGxTUbikXFNvIA3x4Tk=';

function modelOf(mesh: string): RouterModel {
  const text = `version: 1
router: {node: 111, instance: 2}
mesh:
  table: {name: nycmesh, id: 2}
  prefixes: [10.69.0.0/16, 10.70.0.0/16, 'fd70:89::/32']
  ${mesh}
interfaces: {eth1: {address: 10.69.1.11/24}}
tunnels:
  wg222: {address: 10.70.89.0/31, listenPort: 51825, peer: {publicKey: ${KEY}, endpoint: '198.51.100.22:51825'}}
`;
  const { model, diagnostics } = readModel(text, 'state.yaml', { ipv6: true, kernelWireguard: true });
  if (model === undefined) throw new Error(JSON.stringify(diagnostics));
  return model;
}

const cases = {
  guards: 'firewall: nftables',
  'transit-nested': "firewall: nftables\n  transit: [10.69.0.0/20, 10.69.2.0/24, 10.70.1.0/24, 'fd70:89:1::/48']",
  exit: 'firewall: nftables\n  exit: allow',
  mark: 'match: mark\n  firewall: none',
  auto: '',
  'auto-transit': "transit: [10.69.2.0/24, 'fd70:89:1::/48']",
  'auto-exit': 'exit: allow',
  'auto-mark': 'match: mark',
  'auto-vrf': 'isolation: vrf',
  'mark-and-guards': 'match: mark\n  firewall: nftables',
  vrf: 'isolation: vrf\n  firewall: nftables',
};

test.each(Object.entries(cases))('%s', async (name, mesh) => {
  const desired = nftables.desired(modelOf(mesh))[0];
  if (desired === undefined) throw new Error('no table');
  const script = renderScript(desired.spec);
  expectGolden(script, new URL(`golden/${name}.nft`, import.meta.url));

  const host = createFakeHost();
  await host.nft.run(script);
  const table = await host.nft.list('inet wgospf');
  expect(table && differingFields(nftables, desired.spec, specOf(table))).toEqual([]);
});

test('without a reason there is no table', () => {
  expect(nftables.desired(modelOf('exit: allow\n  firewall: none'))).toEqual([]);
  expect(nftables.desired(modelOf('isolation: netns'))).toEqual([]);
});

test('the second guard tracks no connection, and everything that rules allow passes', () => {
  for (const mesh of ['', 'exit: allow', 'transit: [10.69.2.0/24]', 'isolation: vrf']) {
    const script = nftables
      .desired(modelOf(mesh))
      .map(({ spec }) => renderScript(spec))
      .join('');
    expect(script, mesh).toContain('hook forward');
    expect(script, mesh).not.toMatch(/ct |maxseg|hook input/);
  }
});

test('every kind of drift is a field of its own', async () => {
  const desired = nftables.desired(modelOf('match: mark\n  firewall: nftables'))[0];
  if (desired === undefined) throw new Error('no table');
  const after = async (edit: (script: string) => string): Promise<string[]> => {
    const host = createFakeHost();
    await host.nft.run(edit(renderScript(desired.spec)));
    const table = await host.nft.list('inet wgospf');
    return table === undefined ? ['table'] : differingFields(nftables, desired.spec, specOf(table));
  };
  expect(await after((s) => s)).toEqual([]);
  expect(await after((s) => s.replace('"wg222"', '"wg333"'))).toEqual(['interfaces']);
  expect(await after((s) => s.replace(/.* counter drop comment .*\n/, ''))).toEqual(['chain input']);
  expect(await after((s) => s.replace('iifname "lo" accept', 'accept').replace(/ comment "[^"]*"/, ''))).toEqual([
    'chain prerouting',
  ]);
  expect(await after((s) => s.replace('hook forward priority 0', 'hook forward priority 5'))).toEqual([
    'chain forward',
  ]);
  expect(await after((s) => s.replace('  chain input {', '  flags dormant\n  chain input {'))).toEqual(['extra']);
  expect(await after((s) => s.replace('  chain input {', '  chain other {\n  }\n  chain input {'))).toEqual(['chains']);
  expect(await after((s) => s.replace('  set mesh {', '  set other {\n  type ifname\n  }\n  set mesh {'))).toEqual([
    'extra',
  ]);
});
