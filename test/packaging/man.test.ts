// The man pages have every command, option, exit status, condition and key that the program has. test/netns/man-pages.test.ts
// has them read by man's own programs.
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { formatDiagnostics } from '../../src/config/diagnostic.ts';
import { documentedSchema } from '../../src/config/json-schema.ts';
import { readModel } from '../../src/config/read-model.ts';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import { makeProgram } from '../../src/cli/program.ts';
import { visibleCommands } from '../../src/cli/visible-commands.ts';
import { manPages } from '../../packaging/man/pages.ts';
import { escape, fold, inline } from '../../packaging/man/roff.ts';
import { tableRows } from '../../packaging/man/tables.ts';
import { fakeContext } from '../cli/fake-context.ts';

const root = new URL('../../', import.meta.url).pathname;
let program: string;
let state: string;
beforeAll(async () => {
  const pages = await manPages('2026-01-02');
  expect([...pages.keys()]).toEqual(['wgospf.8', 'wgospf-state.5']);
  program = pages.get('wgospf.8') ?? '';
  state = pages.get('wgospf-state.5') ?? '';
});

/** Tags of the paragraphs below a heading, as they are read. */
function tags(page: string, section: string): string[] {
  const [, text = ''] = page.split(`\n.SH ${section}\n`);
  const own = text.split('\n.SH ')[0] ?? '';
  return [...own.matchAll(/^\.TP\n\.[BI] (.*)$/gm)].map(([, tag = '']) => tag.replaceAll('\\-', '-'));
}

const sections = (page: string): string[] => [...page.matchAll(/^\.SH (.*)$/gm)].map(([, title = '']) => title);

test('the sections have the order of man-pages(7)', () => {
  expect(sections(program)).toEqual([
    ...['NAME', 'SYNOPSIS', 'DESCRIPTION', 'COMMANDS', 'EXIT STATUS', 'SIGNALS', 'CONDITIONS'],
    ...['BESIDE SYSTEMD-NETWORKD', 'FILES', 'EXAMPLES', 'SEE ALSO'],
  ]);
  expect(sections(state)).toEqual(['NAME', 'SYNOPSIS', 'DESCRIPTION', 'EXAMPLES', 'KEYS', 'FILES', 'SEE ALSO']);
});

test('every command has all its arguments and options, in the order of --help', () => {
  const commands = visibleCommands(makeProgram(fakeContext(), () => undefined));
  const wanted = commands.flatMap((command) => [
    [
      `wgospf ${command.name()}`,
      ...command.registeredArguments.map((a) => (a.required ? `<${a.name()}>` : `[${a.name()}]`)),
    ].join(' '),
    ...command.registeredArguments.map((argument) => argument.name()),
    ...command.options.map(({ flags }) => flags),
  ]);
  expect(tags(program, 'COMMANDS')).toEqual([...wanted, '-V, --version', '-h, --help']);
});

test('every exit code and every documented condition is in the page', () => {
  const codes = tags(program, 'EXIT STATUS').filter((tag) => /^\d+$/.test(tag));
  expect(codes.map(Number)).toEqual(Object.values(exitCodes));
  const page = readFileSync(`${root}docs/operations.md`, 'utf8').split('\n## Conditions\n')[1]?.split('\n## ')[0] ?? '';
  const documented = [...page.matchAll(/^\| `([^`]+)`/gm)].map(([, code]) => code);
  expect(documented.length).toBeGreaterThan(10);
  expect(tags(program, 'CONDITIONS')).toEqual(documented);
});

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
}

/** Every name of a key, wherever it stands. */
const names = ({ properties = {}, additionalProperties, anyOf = [] }: Schema): string[] => [
  ...Object.keys(properties),
  ...[...Object.values(properties), ...anyOf].flatMap(names),
  ...(typeof additionalProperties === 'object' ? names(additionalProperties) : []),
];

test('every key of the schema is in the page once, with its type and an example', () => {
  const keys = tags(state, 'KEYS');
  expect(new Set(keys).size).toBe(keys.length);
  expect(new Set(keys.map((key) => key.split('.').at(-1)))).toEqual(new Set(names(documentedSchema() as Schema)));
  expect(keys).toEqual(expect.arrayContaining(['tunnels.NAME.peer.publicKey', 'mesh.table.id', 'bird.ospf.area']));
  const [, text = ''] = state.split('\n.SH KEYS\n');
  const paragraphs = text.split('\n.SH ')[0]?.split('\n.TP\n').slice(1) ?? [];
  expect(paragraphs.filter((p) => !/^Type: /m.test(p) || !/^Example: /m.test(p))).toEqual([]);
});

test('a key is described with type, default and example', () => {
  expect(state).toContain(
    ['.B mesh.priorities.localTo', 'Rule priority: local traffic to the mesh looks into its table.', '.br']
      .concat('Type: whole number from 3 to 32765.', 'Default: 1010.', '.br', 'Example: \\fBlocalTo: 1010\\fR')
      .join('\n'),
  );
});

test.each(['example', 'example-small'])('%s is a valid state file', (name) => {
  const text = readFileSync(`${root}packaging/man/${name}.yaml`, 'utf8');
  const { model, diagnostics } = readModel(text, '/etc/wgospf/state.yaml', { ipv6: true, kernelWireguard: true });
  expect(formatDiagnostics(diagnostics, text)).toBe('');
  expect(model).toBeDefined();
});

test('pages are ASCII, have the given date, and no unfilled part', () => {
  for (const page of [program, state]) {
    expect(page).toMatch(/^[\n\x20-\x7e]+$/);
    expect(page).toMatch(/^\.TH \S+ \d 2026-01-02 "wgospf \d+\.\d+\.\d+" /m);
    expect(page).not.toMatch(/@[a-z-]+@/);
  }
});

test('text is converted to roff', () => {
  expect(escape(".TP\n'a\\b -c")).toBe("\\&.TP\n\\&'a\\eb \\-c");
  expect(inline('see [`wgospf plan`](x.md) and _veto_, not some_name_here')).toBe(
    'see \\fBwgospf plan\\fR and \\fIveto\\fR, not some_name_here',
  );
  const long = `${'word '.repeat(20)}.conf of it. Next`;
  expect(fold(`.B ${long}\n${long}`).split('\n')).toEqual([
    `.B ${long}`,
    'word '.repeat(15).trimEnd(),
    'word '.repeat(5) + '.conf of it.',
    'Next',
  ]);
  expect(fold(`${'word '.repeat(15)}.conf`).split('\n')[1]).toBe('\\&.conf');
});

test('rows of a table are read', () => {
  expect(tableRows('text\n\n| a | b |\n| --- | :-: |\n| 1 | x \\| y |\n| 2 |  |\n\nmore')).toEqual([
    ['1', 'x \\| y'],
    ['2', ''],
  ]);
  expect(() => tableRows('none')).toThrow('no table');
});
