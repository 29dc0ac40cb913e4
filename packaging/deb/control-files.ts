// The package's files for dpkg: control, sums, maintainer scripts, triggers and debconf's question.
import { createHash } from 'node:crypto';
import { lstat, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Entry } from './tree.ts';

const scripts = new URL('scripts/', import.meta.url);

const script = (name: string): Promise<string> => readFile(new URL(name, scripts), 'utf8');

/** postrm does the work of `wgospf down` when no file of the package is left: plain commands are written into it. */
export async function postrm(): Promise<string> {
  const [text, purge] = [await script('postrm'), await script('purge.sh')];
  if (!text.includes('\n#PURGE#\n')) throw new Error('scripts/postrm has no line #PURGE#');
  return text.replace('\n#PURGE#\n', () => `\n${purge}`);
}

/** As md5sum(1) prints them, for `dpkg --verify`. */
async function sums(tree: string): Promise<string> {
  const paths = (await readdir(tree, { recursive: true })).sort();
  const lines: string[] = [];
  for (const path of paths) {
    const at = join(tree, path);
    if (!(await lstat(at)).isFile()) continue;
    lines.push(
      `${createHash('md5')
        .update(await readFile(at))
        .digest('hex')}  ${path}\n`,
    );
  }
  return lines.join('');
}

/** The files of DEBIAN/. @param tree the folder with what the package installs, and nothing else yet */
export async function controlFiles(control: string, tree: string): Promise<Entry[]> {
  return [
    { path: 'control', text: control },
    { path: 'md5sums', text: await sums(tree) },
    { path: 'templates', text: await script('templates') },
    { path: 'triggers', text: await script('triggers') },
    { path: 'preinst', text: await script('preinst'), mode: 0o755 },
    { path: 'postinst', text: await script('postinst'), mode: 0o755 },
    { path: 'prerm', text: await script('prerm'), mode: 0o755 },
    { path: 'postrm', text: await postrm(), mode: 0o755 },
  ];
}
