// A key in the wrong map: the message names the right map. The schema defines which maps exist.
import { expect, test } from 'vitest';
import { readModel } from '../../src/config/read-model.ts';

const FILE = `version: 1
router: {id: 10.69.1.11}
mesh: {table: {name: mesh, id: 2}, prefixes: [10.69.0.0/16]}
interfaces: {eth1: {address: 10.69.1.111/16, INTERFACE}}
tunnels: {}
bird: {BIRD}
`;

function hintFor(place: 'INTERFACE' | 'BIRD', words: string): string | undefined {
  const text = FILE.replace(place, words).replace(/, INTERFACE|BIRD/, '');
  const found = readModel(text, '/etc/wgospf/state.yaml', { ipv6: true, kernelWireguard: true }).diagnostics;
  return found.find(({ code }) => code === 'unknown-key')?.hint;
}

test.each([
  ['INTERFACE', 'hello: 5', 'hello: 5 under `interfaces.eth1.ospf`'],
  ['INTERFACE', 'multiplier: 5', 'multiplier: 5 under `interfaces.eth1.ospf.bfd`'],
  ['INTERFACE', 'algorithm: md5', 'algorithm: md5 under `interfaces.eth1.ospf.authentication`'],
  ['BIRD', 'stubRouter: true', 'stubRouter: true under `bird.ospf`'],
  ['BIRD', 'summary: true', 'summary: true under `bird.ospf.areas.NAME`'],
  ['BIRD', 'routes: 5', 'routes: 5 under `bird.ospf.importLimit`'],
] as const)('in %s the unknown key `%s` gets the cure %s', (place, words, hint) => {
  expect(hintFor(place, words)).toBe(hint);
});
