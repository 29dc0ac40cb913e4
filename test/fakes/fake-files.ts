// Files of the fake host with modes and owners, also key files, and the notes that an apply keeps for `down`.
import { createHash } from 'node:crypto';
import type { Files, Keys, Notes, WriteOptions } from '../../src/host/types.ts';
import { isWireguardKey } from '../../src/net/names.ts';
import type { FakeState } from './fake-state.ts';
import { hostError } from './fake-state.ts';
import type { Sync } from './instrument.ts';
import { privateKeyFrom, publicKeyFrom } from './wg-keys.ts';

const ids: Readonly<Record<string, number>> = { root: 0, bird: 107 };

function owner(path: string, text: NonNullable<WriteOptions['owner']>): { uid: number; gid: number } {
  if (typeof text !== 'string') return text;
  const [uid, gid] = text.split(':').map((name) => ids[name]);
  if (uid === undefined || gid === undefined) throw hostError(`write ${path}`, 'ENOENT', `unknown owner ${text}`);
  return { uid, gid };
}

export function writeFile(state: FakeState, path: string, text: string, options: WriteOptions = {}): void {
  const old = state.files.get(path)?.stat ?? { mode: options.mode ?? 0o644, uid: 0, gid: 0 };
  const mode = options.owner === undefined || options.mode === undefined ? old.mode : options.mode;
  const stat = options.owner === undefined ? old : { mode, ...owner(path, options.owner) };
  state.files.set(path, { text, stat });
}

/** The packages that wgospf depends on are installed. */
const PROGRAMS = new Set(['/usr/sbin/bird', '/usr/bin/wg', '/usr/bin/wireguard-go', '/usr/sbin/nft']);

export const fakeFiles = (state: FakeState): Sync<Files> => ({
  read: (path) => state.files.get(path)?.text,
  stat(path) {
    if (PROGRAMS.has(path)) return { mode: 0o755, uid: 0, gid: 0, size: 1, mtime: 0 };
    const file = state.files.get(path);
    return file && { ...file.stat, size: Buffer.byteLength(file.text), mtime: 0 };
  },
  // a link is a file whose text is the link's target
  link(path) {
    const file = state.files.get(path);
    return file && { target: file.text, mtime: 0 };
  },
  list(folder) {
    const below = [...state.files.keys()].filter((path) => path.startsWith(`${folder}/`));
    return [...new Set(below.map((path) => path.slice(folder.length + 1).split('/')[0] ?? ''))].sort();
  },
  write: (path, text, options) => writeFile(state, path, text, options),
  remove: (path) => void state.files.delete(path),
  sweep: () => undefined,
});

/** The key in a file; undefined if the file is missing. */
export function readKey(state: FakeState, path: string): string | undefined {
  const text = state.files.get(path)?.text.trim();
  if (text !== undefined && !isWireguardKey(text)) throw hostError(`read key ${path}`, 'EINVAL', 'not a WireGuard key');
  return text;
}

export const digestOfKey = (key: string): string => createHash('sha256').update(key).digest('hex');

export const fakeKeys = (state: FakeState): Sync<Keys> => ({
  publicKeyOf(file) {
    const key = readKey(state, file);
    return key && publicKeyFrom(key);
  },
  digestOf(file) {
    const key = readKey(state, file);
    return key && digestOfKey(key);
  },
  generate(file) {
    if (state.files.has(file)) throw hostError(`generate key ${file}`, 'EEXIST');
    writeFile(state, file, `${privateKeyFrom(file)}\n`, { mode: 0o600 });
  },
});

export const fakeNotes = (state: FakeState): Sync<Notes> => ({
  all: () => new Map(state.notes),
  note(key, value) {
    if (!state.notes.has(key)) state.notes.set(key, value);
  },
  forget(...keys) {
    for (const key of keys) state.notes.delete(key);
  },
});
