// Numbers and sentences of the documents that become outdated when the program grows.
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { stages } from '../../src/engine/stages.ts';
import { DEFAULT_PRIORITIES } from '../../src/model/defaults.ts';

const root = new URL('../../', import.meta.url).pathname;
const read = (file: string): string => readFileSync(`${root}${file}`, 'utf8');
const pages = ['README.md', ...globSync('docs/*.md', { cwd: root })];

const WORDS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen'.split(' ');

/** How often a page says `NUMBER WORD`, with the current number. */
const counted = (word: string): (readonly [page: string, number: string])[] =>
  pages.flatMap((page) =>
    [...read(page).matchAll(new RegExp(`\\b(${WORDS.join('|')}|\\d+) ${word}\\b`, 'gi'))].map(
      ([, number = '']) => [page, number.toLowerCase()] as const,
    ),
  );

test("the documented number of priorities is the program's", () => {
  const all = counted('priorities');
  expect(all.length).toBeGreaterThan(0);
  for (const one of all) expect(one).toEqual([one[0], WORDS[Object.keys(DEFAULT_PRIORITIES).length]]);
});

test("the documented number of stages is the program's", () => {
  for (const [page, number] of counted('stages')) expect([page, number]).toEqual([page, String(stages.length)]);
});

test.each(pages)('%s does not say that nothing runs at boot', (page) => {
  expect(read(page)).not.toMatch(/nothing runs wgospf at boot/i);
});

/** The row of an impact with the changes that it names. */
const row = (impact: string): string =>
  new RegExp(`^\\| \`${impact}\` .*$`, 'm').exec(read('docs/operations.md'))?.[0] ?? '';

/** [the page's words for it, golden case, a part of the command] */
test.each([
  ['MTU', 'mtu-changed', ' mtu '],
  ['address', 'address-changed', 'ip address del'],
  ['listen port', 'port-changed', 'listen-port'],
  ['private key', 'own-key-changed', 'private-key'],
  ['preshared key', 'psk-added', 'preshared-key'],
  ['keepalive', 'keepalive-changed', 'persistent-keepalive'],
  ['endpoint', 'endpoint-changed', 'endpoint'],
])('docs/operations.md has %s in the row of its impact', (word, golden, part) => {
  const line = read(`test/golden/${golden}/plan.txt`)
    .split('\n')
    .find((one) => one.includes(part) && !one.startsWith('file-write'));
  expect(line).toBeDefined();
  const impact = / \[([a-z-]+)\]$/.exec(line ?? '')?.[1] ?? 'none';
  expect(row(impact)).toMatch(new RegExp(`\\b${word}\\b`));
  for (const other of ['none', 're-handshake', 'adjacency-reset', 'traffic-gap'].filter((one) => one !== impact))
    expect(row(other)).not.toMatch(new RegExp(`[|;,] ${word}\\b`));
});

test("the picture of the demo shows today's commands for a tunnel", () => {
  const shown = read('docs/demo.svg')
    .replaceAll(/<[^>]+>/g, '\n')
    .replaceAll('&amp;', '&')
    .replaceAll('\u00a0', ' ');
  const plan = read('test/golden/tunnel-added/plan.txt').split('\n');
  const commands = plan.flatMap((line) => /^(?:guard-add|sysctl-\w+|rule-add) +(.+)$/.exec(line)?.[1] ?? []);
  expect(commands.length).toBeGreaterThan(5);
  // in that place the number means the size of a table
  for (const command of commands) expect(shown).toContain(command.split('  # table ')[0]);
});
