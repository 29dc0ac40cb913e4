// docs/operations.md has every stage, every impact and every condition of the program.
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { stages } from '../../src/engine/stages.ts';

const root = new URL('../../', import.meta.url).pathname;
const page = readFileSync(`${root}docs/operations.md`, 'utf8');

/** First cells of the rows of a section's table. */
function firstCells(heading: string): string[] {
  const section = page.split('\n## ').find((text) => text.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/^\| `([^`]+)`/gm)].map(([, cell = '']) => cell);
}

/** Codes of conditions are words with hyphens; those of errors are upper case, those of the state file's checks in config/. */
function conditionCodes(): string[] {
  const files = globSync('src/{engine,resources,cli,host,daemon,status,leak-check}/**/*.ts', { cwd: root });
  const codes = files.flatMap((file) =>
    [...readFileSync(`${root}${file}`, 'utf8').matchAll(/\bcode: '([a-z][a-z0-9]*(?:-[a-z0-9]+)+)'/g)].map(
      ([, code = '']) => code,
    ),
  );
  return [...new Set(codes)].sort();
}

test("the documented stages are the program's, in order", () => {
  expect(firstCells('Stages')).toEqual([...stages]);
});

test("the documented conditions are the program's", () => {
  const codes = conditionCodes();
  expect(codes).toContain('underlay-inside-mesh');
  expect(firstCells('Conditions').sort()).toEqual(codes);
});
