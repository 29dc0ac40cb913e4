// What `nft -j list table` prints, as nft 1.0.6 printed it, and what of it counts.
import { expect, test } from 'vitest';
import { flagsOf, parseTable } from '../../src/host/nft.ts';

const listing = (...objects: readonly unknown[]): string =>
  JSON.stringify({ nftables: [{ metainfo: { version: '1.0.6', json_schema_version: 1 } }, ...objects] });

const at = { family: 'inet', table: 'wgospf' } as const;

test('chains with their hooks, rules by their comments, sets by their elements', () => {
  const text = listing(
    { table: { family: 'inet', name: 'wgospf', handle: 3 } },
    { set: { ...at, name: 'mesh', type: 'ifname', handle: 4, elem: ['wg222', 'eth1'] } },
    { chain: { ...at, name: 'input', handle: 1, type: 'filter', hook: 'input', prio: -150, policy: 'accept' } },
    { chain: { ...at, name: 'own', handle: 2 } },
    { rule: { ...at, chain: 'input', handle: 5, comment: 'wgospf 1', expr: [{ accept: null }] } },
    { rule: { ...at, chain: 'input', handle: 6, expr: [{ drop: null }] } },
  );
  expect(parseTable(text, 'nft')).toEqual({
    chains: [
      { name: 'input', hook: 'input', priority: -150, policy: 'accept', rules: ['wgospf 1', ''] },
      { name: 'own', hook: '', priority: 0, policy: '', rules: [] },
    ],
    sets: [{ name: 'mesh', type: 'ifname', elements: ['eth1', 'wg222'] }],
  });
});

test('an element with more to it than its name is another element', () => {
  const text = listing({
    set: { ...at, name: 'mesh', type: 'ifname', elem: [{ elem: { val: 'wg222', timeout: 9 } }] },
  });
  expect(parseTable(text, 'nft').sets[0]?.elements).not.toContain('wg222');
});

test('what is no JSON is told of', () => {
  expect(() => parseTable('Segmentation fault', 'nft -j list table inet wgospf')).toThrow(
    'nft -j list table inet wgospf: nft printed what is no list of rules; apt install --reinstall nftables (EPROTO)',
  );
});

test('a table that is switched off', () => {
  expect(flagsOf('table inet wgospf {\n\tflags dormant\n\n\tchain input {\n')).toEqual(['dormant']);
  expect(flagsOf('table inet wgospf {\n\tchain input {\n\t\tmeta mark & 1 == 1 comment "flags dormant"')).toEqual([]);
});
