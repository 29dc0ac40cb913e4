// What somebody wrote into a bird.conf of ours. The state file has the last word, and the edit is kept in root's tree, that it may go
// into the state file or a snippet.
import type { Host } from '../../host/types.ts';
import { generationOf } from './generation.ts';
import { NOTHING, readHeader } from './header.ts';
import { copyOf } from './spec.ts';

/** Who has the file written by a program, again and again, does not fill the disk. */
const MOST = 5;
const MARK = '.edited-';

/** Where the edit is kept; undefined where the text is as we wrote it, or another's. Equal texts have equal names. */
export const keepsEdit = (path: string, text: string): string | undefined =>
  text !== NOTHING && readHeader(text)?.intact === false ? `${copyOf(path)}${MARK}${generationOf(text)}` : undefined;

/** The command before the one that overwrites the file. */
export const keepCommand = (path: string, copy: string | undefined): string =>
  copy === undefined ? '' : `install -D -m 600 ${path} ${copy} && `;

/** Of the file as it is now, which may be another than was planned with. */
export async function keepEdit(host: Host, path: string): Promise<void> {
  const text = (await host.files.read(path)) ?? '';
  const copy = keepsEdit(path, text);
  if (copy === undefined) return;
  await host.files.write(copy, text, { mode: 0o600, owner: 'root:root' });
  await dropOldest(host, path, copy);
}

/** @param newest stays, whatever the clock says */
async function dropOldest(host: Host, path: string, newest: string): Promise<void> {
  const at = copyOf(path).lastIndexOf('/');
  const [folder, name] = [copyOf(path).slice(0, at), copyOf(path).slice(at + 1)];
  const names = (await host.files.list(folder)).filter((one) => one.startsWith(`${name}${MARK}`));
  const others = names.map((one) => `${folder}/${one}`).filter((one) => one !== newest);
  const aged = await Promise.all(others.map(async (one) => ({ one, at: (await host.files.stat(one))?.mtime ?? 0 })));
  for (const { one } of aged.toSorted((a, b) => b.at - a.at).slice(MOST - 1)) await host.files.remove(one);
}
