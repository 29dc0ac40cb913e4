// Values found before the first change, so that `down` can restore them. In /run, because a reboot resets the host as well.
import { rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { compareText } from '../net/compare-text.ts';
import { hasErrno, hostError } from './errno.ts';
import { createFiles } from './files.ts';
import { HostError } from './error.ts';
import type { Notes } from './types.ts';

/** The file of notes; each mount namespace with its own /run has its own. */
export const NOTES_FILE = '/run/wgospf/notes.json';

export function createNotes(path: string = NOTES_FILE): Notes {
  const files = createFiles();
  // one change after the other: each reads the result of the one before
  let last: Promise<unknown> = Promise.resolve();

  const load = async (): Promise<Map<string, string>> => parse((await files.read(path)) ?? '{}', path);

  /** Removes the file after the last note, and the folder if it is empty. */
  const removeAll = async (): Promise<void> => {
    await files.remove(path);
    await rmdir(dirname(path)).catch((error: unknown) => {
      if (!hasErrno(error, 'ENOTEMPTY', 'ENOENT', 'EBUSY')) throw hostError(`remove ${dirname(path)}`, error);
    });
  };

  const change = (edit: (notes: Map<string, string>) => void): Promise<void> => {
    const next = last.then(async () => {
      const notes = await load();
      const before = notes.size;
      edit(notes);
      if (notes.size === before) return undefined; // values never change: notes are only added and removed
      if (notes.size === 0) return removeAll();
      // sorted, so that the same notes give the same file in any order
      const sorted = [...notes].sort(([a], [b]) => compareText(a, b));
      return files.write(path, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`, { mode: 0o600 });
    });
    last = next.catch(() => undefined);
    return next;
  };

  return {
    all: load,
    note: (key, value) => change((notes) => notes.set(key, notes.get(key) ?? value)),
    forget: (...keys) =>
      change((notes) => {
        for (const key of keys) notes.delete(key);
      }),
  };
}

function parse(text: string, path: string): Map<string, string> {
  const bad = (cause?: unknown): HostError =>
    new HostError({
      operation: `read ${path}`,
      code: 'EINVAL',
      detail: 'it is not the JSON object of texts that wgospf writes; move it away (`down` then gives back no sysctls)',
      cause,
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw bad(error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad();
  const notes = new Map<string, string>();
  for (const [key, v] of Object.entries(value)) {
    if (typeof v !== 'string') throw bad();
    notes.set(key, v);
  }
  return notes;
}
