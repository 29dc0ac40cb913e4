// Names of constants for OSPF passwords: bird.conf contains only the names, and a separate file the passwords. Pure.
import { compareText } from '../../net/compare-text.ts';

/** BIRD's symbols have at most 64 characters (conf/cf-lex.l, SYM_MAX_LEN); a number may be appended. */
const LONGEST = 40;

function wordOf(file: string): string {
  const name = file.slice(file.lastIndexOf('/') + 1).replace(/\.[a-z]+$/i, '');
  return name.replace(/[^A-Za-z0-9]+/g, '_').slice(0, LONGEST);
}

/**
 * Constants by absolute path. Each is derived from the file's name, so that a new password renames no other; files with the same
 * name in different folders are numbered in the order of their paths.
 */
export function passwordConstants(files: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  const constants = new Map<string, string>();
  for (const file of [...new Set(files)].sort(compareText)) {
    const base = `wgospf_password_${wordOf(file)}`;
    let name = base;
    for (let n = 2; taken.has(name); n++) name = `${base}_${n}`;
    taken.add(name);
    constants.set(file, name);
  }
  return constants;
}
