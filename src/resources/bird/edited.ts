// Keeps what somebody wrote into a bird.conf of ours. The state file overrides the edit, so a copy in root's tree lets the operator
// move it to the state file or a snippet.
import type { Host } from '../../host/types.ts';
import { generationOf } from './generation.ts';
import { NOTHING, readHeader } from './header.ts';
import { copyOf } from './spec.ts';

/** The limit protects the disk from a program that writes the file again and again. */
const MOST = 5;
const MARK = '.edited-';

/** The path of the copy; undefined if the text is as we wrote it, or foreign. Equal texts have equal names. */
export const keepsEdit = (path: string, text: string): string | undefined =>
  text !== NOTHING && readHeader(text)?.intact === false ? `${copyOf(path)}${MARK}${generationOf(text)}` : undefined;

/** The part of the printed command that comes before the overwriting of the file. */
export const keepCommand = (path: string, copy: string | undefined): string =>
  copy === undefined ? '' : `install -D -m 600 ${path} ${copy} && `;

/** Copies the file as it is now: it may have changed since the plan. */
export async function keepEdit(host: Host, path: string): Promise<void> {
  const text = (await host.files.read(path)) ?? '';
  const copy = keepsEdit(path, text);
  if (copy === undefined) return;
  await host.files.write(copy, text, { mode: 0o600, owner: 'root:root' });
  await dropOldest(host, path, copy);
}

/** @param newest the copy that stays, whatever the clock says */
async function dropOldest(host: Host, path: string, newest: string): Promise<void> {
  const at = copyOf(path).lastIndexOf('/');
  const [folder, name] = [copyOf(path).slice(0, at), copyOf(path).slice(at + 1)];
  const names = (await host.files.list(folder)).filter((one) => one.startsWith(`${name}${MARK}`));
  const others = names.map((one) => `${folder}/${one}`).filter((one) => one !== newest);
  const aged = await Promise.all(others.map(async (one) => ({ one, at: (await host.files.stat(one))?.mtime ?? 0 })));
  for (const { one } of aged.toSorted((a, b) => b.at - a.at).slice(MOST - 1)) await host.files.remove(one);
}
