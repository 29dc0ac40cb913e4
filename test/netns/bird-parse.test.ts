// Every golden bird.conf goes through the parser of every real BIRD of its dialect, as do the texts that facts.md speaks of.
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { birdVersions, type BirdVersion } from './lab/bird-versions.ts';
import { openNamespace, type Namespace } from './lab/namespace.ts';

const folder = fileURLToPath(new URL('../bird/golden/', import.meta.url));
const golden = (await readdir(folder)).filter((name) => name.endsWith('.conf'));
const versions = await birdVersions();
const byLabel = versions.map((version) => [version.label, version] as const);

/** `seed.1.6.conf` is the dialect of 1.6, `seed.conf` that of 2 and 3. */
const filesFor = ({ major }: BirdVersion): string[] =>
  golden.filter((name) => name.endsWith('.1.6.conf') === (major === 1));

let space: Namespace;
beforeAll(async () => {
  space = await openNamespace('parser');
  // the operator's own, which some of them include
  await space.writeFile('/etc/wgospf/bird.d/filters.conf', 'filter to_mesh {\n\taccept;\n}\n');
});
afterAll(() => space.close());

/** `0 ` where the file passes. */
async function parse({ bird }: BirdVersion, file: string): Promise<string> {
  const { exitCode, stderr } = await space.exec(bird, ['-p', '-c', file], { mayFail: true });
  return `${exitCode} ${stderr.trim()}`;
}

/** The passwords that a file includes are the host's: here each has a text. */
async function makeSecrets(name: string): Promise<void> {
  const text = await readFile(`${folder}${name}`, 'utf8');
  const [, secrets] = /^include "([^"*]+)";$/m.exec(text) ?? [];
  if (secrets === undefined) return;
  const constants = new Set(Array.from(text.matchAll(/password (\w+)/g), ([, constant]) => constant));
  await space.writeFile(secrets, [...constants].map((constant) => `define ${constant} = "secret";\n`).join(''));
}

const accepted = new Map<string, number>();
afterAll(() => {
  console.table(versions.map(({ from, version, label }) => ({ from, version, accepted: accepted.get(label) ?? 0 })));
});

test.for(byLabel)('BIRD %s accepts every golden file of its dialect', async ([label, version]) => {
  const files = filesFor(version);
  expect(files.length).toBeGreaterThanOrEqual(20);
  for (const name of files) {
    await makeSecrets(name);
    expect(`${name}: ${await parse(version, `${folder}${name}`)}`).toBe(`${name}: 0 `);
    accepted.set(label, (accepted.get(label) ?? 0) + 1);
  }
});

describe('facts', () => {
  const dialect2 = versions.filter(({ major }) => major > 1);
  test.for([
    ['the seed: import outside a channel', 'protocol kernel { import none; }', /:1:\d+ syntax error/],
    ['no protocol at all', 'router id 10.69.1.11;', /No protocol is specified/],
    ['an IPv6 neighbour of OSPFv2', 'protocol ospf v2 { area 0 { interface "x" { neighbors { ::1; }; }; }; }', /^0 $/],
    ['an empty area', 'protocol ospf v2 { area 0 { }; }', /^0 $/],
    ['a constant beside a protocol', 'define g = "0123";\nprotocol device {}', /^0 $/],
    ['a direct protocol without a channel', 'protocol direct { interface "wg*"; }', /^0 $/],
    [
      'two kernel protocols on one table of BIRD',
      'protocol kernel { ipv4; }\nprotocol kernel { ipv4; }',
      /already attached/,
    ],
  ] as const)("BIRD's parser: %s", async ([, text, expected]) => {
    await space.writeFile('/run/fact.conf', `${text}\n`);
    for (const version of dialect2) expect(await parse(version, '/run/fact.conf'), version.version).toMatch(expected);
  });

  test('BIRD 1.6 takes import and export outside a channel, 2 and 3 inside', async () => {
    const found = [];
    await space.writeFile('/run/1.conf', 'protocol kernel { import none; export all; }\n');
    await space.writeFile('/run/2.conf', 'protocol kernel { ipv4 { import none; export all; }; }\n');
    for (const version of versions) {
      const passes = await Promise.all(['/run/1.conf', '/run/2.conf'].map((file) => parse(version, file)));
      found.push(`${version.label}: ${passes.map((result) => result === '0 ').join(' ')}`);
    }
    expect(found).toEqual(['1.6: true false', '2.0: false true', '2.x: false true', '3.x: false true']);
  });
});
