// The file from before us: a copy in root's tree, and a note of its mode and owner. `down` restores it.
import { isHostError } from '../../host/error.ts';
import type { FileStat, Host } from '../../host/types.ts';
import { CONF_MODE, keptNote, keptPath } from './spec.ts';

const ROOTS = { mode: 0o600, owner: 'root:root' } as const;

/** Never overwrites a copy: the first one is the original file. A second one gets a number. @param from the file to copy */
export async function keepCopy(host: Host, path: string, from: string = path): Promise<void> {
  const [text, stat] = [await host.files.read(from), await host.files.stat(from)];
  if (text === undefined || stat === undefined) return;
  for (let n = 1; ; n++) {
    const copy = n === 1 ? keptPath(path) : `${keptPath(path)}.${n}`;
    const there = await host.files.read(copy);
    if (there === text) return;
    if (there !== undefined) continue;
    // noted first: without its note, a copy would be restored with usual mode and owner
    if (n === 1) await host.notes.note(keptNote(path), noteOf(stat));
    return host.files.write(copy, text, ROOTS);
  }
}

const noteOf = ({ mode, uid, gid }: FileStat): string => `${(mode & 0o777).toString(8)} ${uid}:${gid}`;

/** The text of the file from before us; undefined if there was none. */
export const keptText = (host: Host, path: string): Promise<string | undefined> => host.files.read(keptPath(path));

export async function putBack(host: Host, path: string, text: string): Promise<void> {
  const [, mode, uid, gid] =
    /^([0-7]{1,3}) (\d+):(\d+)$/.exec((await host.notes.all()).get(keptNote(path)) ?? '') ?? [];
  const usual = { mode: CONF_MODE, owner: `root:${await host.bird.group()}` };
  if (mode === undefined) return host.files.write(path, text, usual);
  const owner = { uid: Number(uid), gid: Number(gid) };
  try {
    await host.files.write(path, text, { mode: Number.parseInt(mode, 8), owner });
  } catch (error) {
    // the daemon's unit has no CAP_CHOWN; BIRD can read the file anyway
    if (!isHostError(error, 'EPERM')) throw error;
    await host.files.write(path, text, usual);
  }
}
