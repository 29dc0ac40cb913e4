// The error for a file that root does not open, with the reason and the cure.
import { readFileSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { HostError, UNSAFE_FILE } from './error.ts';
import type { Entry } from './safe-path.ts';

type Fault = 'link' | 'hard-link' | 'kind' | 'owner' | 'folder';

const kindOf = (stat: Stats): string =>
  stat.isFIFO() ? 'a named pipe' : stat.isSocket() ? 'a socket' : stat.isDirectory() ? 'a directory' : 'a device';

function userName(uid: number): string {
  try {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((one) => one.split(':')[2] === String(uid));
    return line?.split(':')[0] ?? String(uid);
  } catch {
    return String(uid);
  }
}

/** Describes who, other than root, may write to the folder or replace it. */
function writers({ stat, path }: Entry['folder']): string {
  if (stat.uid !== 0) return `user ${userName(stat.uid)}, whose folder ${path} is,`;
  return (stat.mode & 0o022) === 0
    ? `somebody who may change a folder on the way to ${path}`
    : `who may write to ${path}`;
}

const QUOTED = /^[\w./+-]+$/;
const quoted = (path: string): string => (QUOTED.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`);

/** A command that moves the entry itself, never the target of a symbolic link, and overwrites nothing. */
const aside = (path: string): string => `run: mv -T --backup=numbered ${quoted(path)} ${quoted(`${path}.aside`)}`;

/** The cure for a folder that others may write to, because any of them may have made the file. */
const closed = ({ stat, path }: Entry['folder']): string =>
  stat.uid === 0 ? `run: chmod go-w ${quoted(path)}` : `keep it in a folder of root's (${quoted(path)} is not)`;

const WORDS: Readonly<Record<Fault, (entry: Entry, stat: Stats) => string>> = {
  link: () => 'it is a symbolic link',
  'hard-link': () => 'it has another name as well (a hard link)',
  kind: (_entry, stat) => `it is ${kindOf(stat)}`,
  owner: (_entry, stat) => `it belongs to user ${userName(stat.uid)}`,
  folder: () => 'it holds a secret',
};

/** @param fault of the last component, or of a symbolic link on the path */
export function unsafe(entry: Entry, fault: Fault): HostError {
  const { folder, name, stat = folder.stat } = entry;
  const path = join(folder.path, name);
  const cure = fault === 'folder' ? closed(folder) : aside(path);
  const detail = `${WORDS[fault](entry, stat)}, and ${writers(folder)} may have put it there; root does not use it: ${cure}`;
  return new HostError({ operation: `open ${path}`, code: UNSAFE_FILE, detail });
}
