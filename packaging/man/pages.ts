// The man pages as text: their hand-written parts, and parts from the program and the documents. Reads files of this repository.
import { readFile } from 'node:fs/promises';
import { version } from '../../src/cli/version.ts';
import { commandsSection } from './commands.ts';
import { boldTag, escape, fold, inline, italicTag, tagged } from './roff.ts';
import { keysSection } from './schema-keys.ts';
import { sectionOf, tableRows } from './tables.ts';

const read = (path: string): Promise<string> => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

const unquoted = (cell: string): string => cell.replaceAll('`', '');

/** Rows `code | meaning | given by`. */
const exitStatus = (page: string): string =>
  tableRows(page)
    .map(([code = '', meaning = '']) => tagged(boldTag(code), [inline(meaning)]))
    .join('\n');

/** Rows `command | 0 | 1`. */
const exitStatusByCommand = (page: string): string =>
  tableRows(page.split('The meaning of 0 and 1')[1] ?? '')
    .map(([command = '', zero = '', one = '']) =>
      tagged(boldTag(unquoted(command)), [`0: ${inline(zero)}`, ...(one === '' ? [] : ['.br', `1: ${inline(one)}`])]),
    )
    .join('\n');

/** Rows `code | severity | meaning | cure`. */
const conditions = (page: string): string =>
  tableRows(sectionOf(page, 'Conditions'))
    .map(([code = '', severity = '', meaning = '', cure = '']) =>
      tagged(boldTag(unquoted(code)), [
        `\\fI${escape(severity)}\\fR: ${inline(meaning)}.`,
        '.br',
        `Cure: ${inline(cure)}.`,
      ]),
    )
    .join('\n');

/** Rows `path | what it is`. */
const files = (page: string): string =>
  tableRows(sectionOf(page, 'Files'))
    .map(([path = '', meaning = '']) => tagged(italicTag(unquoted(path)), [inline(meaning)]))
    .join('\n');

/** Replaces each line of the template that is only `@name@`, and each such word in a line. */
function filled(template: string, values: Readonly<Record<string, string>>): string {
  const whole = template.replaceAll(/@([a-z-]+)@/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`nothing is known for @${name}@`);
    return value.trimEnd();
  });
  return fold(whole);
}

/** @param date YYYY-MM-DD, of the sources */
export async function manPages(date: string): Promise<ReadonlyMap<string, string>> {
  const [exits, operations] = await Promise.all([read('docs/exit-codes.md'), read('docs/operations.md')]);
  const shared = { date, version };
  return new Map([
    [
      'wgospf.8',
      filled(await read('packaging/man/wgospf.8.in'), {
        ...shared,
        commands: commandsSection(),
        'exit-status': exitStatus(exits),
        'exit-status-by-command': exitStatusByCommand(exits),
        conditions: conditions(operations),
        files: files(operations),
      }),
    ],
    [
      'wgospf-state.5',
      filled(await read('packaging/man/wgospf-state.5.in'), {
        ...shared,
        example: escape(await read('packaging/man/example.yaml')),
        'example-small': escape(await read('packaging/man/example-small.yaml')),
        keys: keysSection(),
      }),
    ],
  ]);
}
