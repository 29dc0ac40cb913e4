// Each cure applied literally to its file: the result is accepted, and does no harm.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/config/diagnostic.ts';
import { readModel } from '../../src/config/read-model.ts';
import { announced, applyCure, type Cured } from './apply-cure.ts';

const folder = new URL('bad/', import.meta.url);
const read = (text: string): Diagnostic[] =>
  readModel(text, '/etc/wgospf/state.yaml', { ipv6: true, kernelWireguard: true }).diagnostics;

const SOUND = `version: 1
router: {id: 10.69.1.11}
mesh: {table: {name: mesh, id: 2}, prefixes: [10.69.0.0/16, 10.70.0.0/16]}
tunnels:
  wg222:
    address: 10.70.89.0/31
    listenPort: 51825
    ospf: {cost: 15}
    peer: {publicKey: +9R/H4k53cJTnxfMoXINjlOPrCad8a/nZ9rKdNE9ulg=}
`;

/** Four tunnels, without port and address. */
const FOUR = `version: 1
router: {id: 10.69.1.11}
mesh: {table: {name: mesh, id: 2}, prefixes: [10.69.0.0/16, 10.70.0.0/16]}
tunnels:
${[1, 2, 3, 4]
  .map(
    (n) =>
      `  wg${n}:\n    ADDRESS${n}\n    PORT\n    peer: {publicKey: ${'ABCD'.charAt(n - 1)}TIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=}\n`,
  )
  .join('')}`;

interface Case extends Cured {
  readonly name: string;
  readonly before: string;
  readonly diagnostic: Diagnostic;
}

const cures = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .flatMap((name) => {
    const before = readFileSync(new URL(name, folder), 'utf8');
    return read(before).map((diagnostic) => ({
      name: `${name} ${diagnostic.path}: ${diagnostic.hint}`,
      before,
      diagnostic,
    }));
  });
const done = cures.flatMap((one): Case[] => {
  const cured = applyCure(one.before, one.diagnostic);
  return cured === undefined ? [] : [{ ...one, ...cured }];
});

const same = (a: Diagnostic, list: readonly Diagnostic[]): number =>
  list.filter((b) => b.code === a.code && b.path === a.path).length;

describe('cures of the state file', () => {
  test('most cures can be applied literally', () => {
    expect(done.length).toBeGreaterThan(180);
  });

  test.each(done)('$name: after the cure the problem is gone, and the file is accepted', (one) => {
    const [was, left] = [read(one.before), read(one.text)];
    expect(same(one.diagnostic, left), one.text).toBeLessThan(same(one.diagnostic, was));
    const refused = left.filter(({ path, severity }) => path === one.at && severity === 'error');
    expect(
      refused.filter((fresh) => same(fresh, was) === 0),
      one.text,
    ).toEqual([]);
  });

  test.each(done)('$name: the cure announces no more networks than the file has', ({ before, text, diagnostic }) => {
    // for a network with host bits, it is the intended network
    const fresh = announced(text).filter((one) => !before.includes(one) && diagnostic.code !== 'host-bits');
    expect(fresh, text).toEqual([]);
    const slip = /did you mean `export`/.test(diagnostic.message);
    expect(announced(text).length - announced(before).length).toBeLessThanOrEqual(slip ? 1 : 0);
  });

  test('no cure deletes or overwrites a file', () => {
    for (const { diagnostic } of cures) expect(diagnostic.hint).not.toMatch(/\b(?:rm|unlink|truncate|shred|mv|dd)\b/);
  });

  test('a word with the opposite meaning is not suggested for a typing error', () => {
    for (const word of ['import', 'disallowedIPs', 'exportLimit', 'noExport', 'excludeRoutes', 'rxLength']) {
      const at = (map: string): string => `${SOUND}${map}`;
      const texts = [
        at(`bird: {ospf: {${word}: [10.69.0.0/16]}}\n`),
        SOUND.replace('peer: {', `${word}: [10.69.0.0/16]\n    peer: {`),
        SOUND.replace('peer: {', `peer: {${word}: [10.69.0.0/16], `),
        SOUND.replace('ospf: {', `ospf: {${word}: 1420, `),
      ];
      for (const diagnostic of texts.flatMap(read)) {
        expect(diagnostic.message).not.toContain('did you mean');
        expect(diagnostic.hint).not.toContain('10.69.0.0/16');
      }
    }
  });

  test('suggested ports, addresses, key ids and names are unused, and each is suggested once', () => {
    const hints = (text: string, word: RegExp): string[] =>
      read(text).flatMap(({ hint }) => word.exec(hint)?.[1] ?? []);
    const ports = hints(
      FOUR.replaceAll('PORT', 'listenPort: 51825')
        .replace('ADDRESS1', 'address: 10.70.89.2/31')
        .replaceAll(/ADDRESS\d/g, ''),
      /^listenPort: (\d+)/,
    );
    expect(ports).toHaveLength(3);
    expect(new Set([...ports, '51825']).size).toBe(4);
    const missing = FOUR.replace('PORT', 'listenPort: 51825')
      .replaceAll('PORT', '')
      .replace('ADDRESS1', 'address: 10.70.89.0/31');
    const free = hints(missing.replaceAll(/ADDRESS\d/g, ''), /^listenPort: (\d+)/);
    expect(new Set([...free, '51825']).size).toBe(4);
    const networks = hints(missing.replaceAll(/ADDRESS\d/g, 'address: 10.70.89'), /^(?:address: )?(10\.\S+)/);
    expect(new Set([...networks, '10.70.89.0/31']).size).toBe(4);
  });
});
