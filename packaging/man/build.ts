// Writes the man pages: node packaging/man/build.ts FOLDER. Equal sources give equal pages: their date is SOURCE_DATE_EPOCH
// or, without it, that of the last commit.
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { manPages } from './pages.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('usage: node packaging/man/build.ts FOLDER\n');
  process.exit(64);
}
const epoch =
  process.env['SOURCE_DATE_EPOCH'] ??
  execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: import.meta.dirname, encoding: 'utf8' }).trim();
if (!/^\d+$/.test(epoch)) {
  process.stderr.write(`SOURCE_DATE_EPOCH is "${epoch}", and no whole number of seconds\n`);
  process.exit(1);
}
const date = new Date(Number(epoch) * 1000).toISOString().slice(0, 10);
await mkdir(folder, { recursive: true });
for (const [name, text] of await manPages(date)) await writeFile(join(folder, name), text);
