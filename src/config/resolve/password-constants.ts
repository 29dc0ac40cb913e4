// Names for the passwords of OSPF: bird.conf holds these, and the text behind them is in a file of its own. Pure.
import { compareText } from '../../net/compare-text.ts';

/** BIRD's symbols have at most 64 characters (conf/cf-lex.l, SYM_MAX_LEN); a number may follow. */
const LONGEST = 40;

function wordOf(file: string): string {
  const name = file.slice(file.lastIndexOf('/') + 1).replace(/\.[a-z]+$/i, '');
  return name.replace(/[^A-Za-z0-9]+/g, '_').slice(0, LONGEST);
}

/**
 * Constant by absolute path. A name follows from the file's own, so that another link's password renames none; files of
 * one name in different folders are counted by path.
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
