// Every golden bird.conf goes through the installed BIRD's own parser, as do the texts that facts.md speaks of.
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openNamespace, type Namespace } from './lab/namespace.ts';

const folder = fileURLToPath(new URL('../bird/golden/', import.meta.url));
const golden = (await readdir(folder)).filter((name) => name.endsWith('.conf'));

let space: Namespace;
beforeAll(async () => void (space = await openNamespace('parser')));
afterAll(() => space.close());

async function parse(file: string): Promise<string> {
  const { exitCode, stderr } = await space.exec('bird', ['-p', '-c', file], { mayFail: true });
  return `${exitCode} ${stderr.trim()}`;
}

test('there are golden files', () => expect(golden.length).toBeGreaterThanOrEqual(10));

test.for(golden)('%s', async (name) => {
  expect(await parse(`${folder}${name}`)).toBe('0 ');
});

describe('facts', () => {
  test.for([
    ['the seed: import outside a channel', 'protocol kernel { import none; }', /:1:\d+ syntax error/],
    ['no protocol at all', 'router id 10.69.1.11;', /No protocol is specified/],
    ['an IPv6 neighbour of OSPFv2', 'protocol ospf v2 { area 0 { interface "x" { neighbors { ::1; }; }; }; }', /^0 $/],
    ['an empty area', 'protocol ospf v2 { area 0 { }; }', /^0 $/],
    ['a constant beside a protocol', 'define g = "0123";\nprotocol device {}', /^0 $/],
  ] as const)('%s', async ([, text, said]) => {
    await space.writeFile('/run/fact.conf', `${text}\n`);
    expect(await parse('/run/fact.conf')).toMatch(said);
  });
});
