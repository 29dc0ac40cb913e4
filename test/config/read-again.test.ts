// A state file that is read with the memory of an earlier reading: the result is the same as for a first reading, and
// unchanged parts are not made again.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readState } from '../../src/config/read-model.ts';
import type { YamlMemory } from '../../src/config/plain-yaml.ts';
import type { RouterModel } from '../../src/model/types.ts';
import { renderBirdConf } from '../../src/resources/bird/render.ts';

const FILE = '/etc/wgospf/state.yaml';
const ENV = { ipv6: true, kernelWireguard: true };
const key = (i: number): string => Buffer.alloc(32, `key ${i}.`).toString('base64');

const BASE = `version: 1
router: {node: 111}
mesh:
  table: {name: nycmesh, id: 2}
  prefixes: [10.69.0.0/16, 10.70.0.0/16, fd70:89::/32]
wireguard: {privateKeyFile: keys/hub.key}
bird:
  ospf: {area: 0}
interfaces:
  eth1: {address: 10.69.1.11/24}
tunnels:
  wg1: {address: 10.70.89.0/31, listenPort: 51801, peer: {publicKey: ${key(1)}}, ospf: {cost: 15, type: ptmp}}
  wg2:
    address: [10.70.89.2/31, 'fd70:89::2/127']
    listenPort: 51802
    peer:
      publicKey: ${key(2)}
      presharedKeyFile: keys/wg2.psk
    ospf: {authentication: {passwordFile: keys/a/mesh.ospf}, bfd: true}
  wg3: {address: 10.70.89.4/31, listenPort: 51803, peer: {publicKey: ${key(3)}, endpoint: "a.example.net:51820"},
        ospf: {type: ptmp, neighbors: [10.70.89.5]}}
`;

/** A place in the text, and the new text for it. */
const SWAPS = [
  ['node: 111', 'node: 112'],
  ['cost: 15', 'cost: 20'],
  ['type: ptmp', 'type: ptp'],
  ['wg1:', 'wg9:'],
  ['wg3:', 'wg1:'],
  ['privateKeyFile: keys/hub.key', 'privateKeyFile: keys/other.key'],
  ['wireguard: {privateKeyFile: keys/hub.key}', 'wireguard: {}'],
  ['area: 0', 'area: 1'],
  ['area: 0', "tunnelPattern: 'wg*'"],
  ['area: 0', 'ipv4: v3'],
  ['fd70:89::2/127', 'fd70:89::4/127'],
  [", 'fd70:89::2/127'", ''],
  ['51803', '51802'],
  ['51801', '80'],
  ['10.70.89.4/31', '10.70.89.2/31'],
  ['10.70.89.4/31', '10.70.89.4/33'],
  ['mesh.ospf', 'other.ospf'],
  ['keys/a/mesh.ospf}', 'keys/a/mesh.ospf}}'],
  ['bfd: true', 'bdf: true'],
  ['neighbors: [10.70.89.5]', 'authentication: {passwordFile: keys/b/mesh.ospf}'],
  ['tunnels:\n', 'tunnels: &all\n'],
  ['ospf: {cost: 15, type: ptmp}', 'ospf: {cost: 15, type: ptmp'],
  [/ {2}wg2:\n(?: {4}.*\n)+/, ''],
  [/ {2}wg3: .*\n.*\n/, ''],
  [/ {2}eth1: .*\n/, '  eth1: {address: 10.69.1.11/24}\n  eth2: {address: 10.69.2.11/24}\n'],
] as const;

type Edit = (text: string) => string;
const swap = fc.constantFrom(...SWAPS).map(
  ([from, to]): Edit =>
    (text) =>
      text.replace(from, to),
);
const insert = fc
  .tuple(fc.nat(), fc.constantFrom('', '# a comment', '    # deeper'))
  .map(([at, line]): Edit => (text) => {
    const lines = text.split('\n');
    return lines.toSpliced(at % lines.length, 0, line).join('\n');
  });
/** The original file. */
const mend = fc.constant<Edit>(() => BASE);

describe('a state file that is read again', () => {
  test('after any edits: model, problems and places are those of a first reading, and so is the text of bird.conf', () => {
    let good = 0;
    fc.assert(
      fc.property(fc.array(fc.oneof({ arbitrary: swap, weight: 4 }, insert, mend), { maxLength: 6 }), (edits) => {
        const memory: YamlMemory = { entries: new Map() };
        let text = BASE;
        for (const edit of [(same: string): string => same, ...edits]) {
          text = edit(text);
          const [again, first] = [readState(text, FILE, ENV, memory), readState(text, FILE, ENV)];
          expect(again.diagnostics, text).toEqual(first.diagnostics);
          expect(again.model, text).toStrictEqual(first.model);
          expect([again.keys, again.passwords]).toEqual([first.keys, first.passwords]);
          if (again.model === undefined || first.model === undefined) continue;
          good++;
          expect(renderBirdConf(again.model)).toBe(renderBirdConf(structuredClone(first.model)));
        }
      }),
      { numRuns: 60 },
    );
    expect(good).toBeGreaterThan(60);
  });

  const read = (text: string, memory: YamlMemory): RouterModel => {
    const { model } = readState(text, FILE, ENV, memory);
    if (model === undefined) throw new Error('the file has an error');
    return model;
  };

  test('with the cost of one tunnel changed: the other tunnels are the objects from before', () => {
    const memory: YamlMemory = { entries: new Map() };
    const before = read(BASE, memory);
    const after = read(BASE.replace('cost: 15', 'cost: 20'), memory);
    expect(after.tunnels.map((tunnel, i) => tunnel === before.tunnels[i])).toEqual([false, true, true]);
  });

  test('with a line put in above: the tunnels have other places, and the same OSPF', () => {
    const memory: YamlMemory = { entries: new Map() };
    const before = read(BASE, memory);
    const after = read(`# a comment\n${BASE}`, memory);
    expect(after.tunnels.map(({ source }, i) => source.line - (before.tunnels[i]?.source.line ?? 0))).toEqual([
      1, 1, 1,
    ]);
    expect(after.tunnels.map(({ ospf }, i) => ospf === before.tunnels[i]?.ospf)).toEqual([true, true, true]);
  });

  test('with YAML that broke in between: what stands there as before is known still', () => {
    const memory: YamlMemory = { entries: new Map() };
    const before = read(BASE, memory);
    readState(BASE.replace('version: 1', 'version: ['), FILE, ENV, memory);
    expect(read(BASE, memory).tunnels[0]).toBe(before.tunnels[0]);
  });
});
