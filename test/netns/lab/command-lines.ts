// Collects the command lines of all processes that live while something runs, so that a test can search them for secrets.
import { readdirSync, readFileSync } from 'node:fs';

const read = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return ''; // it ended meanwhile
  }
};

/** Reads every millisecond or two; a process of `wg` or `birdc` lives for several. */
export async function commandLinesDuring(run: () => Promise<unknown>): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  const look = (): void => {
    for (const entry of readdirSync('/proc')) if (/^\d+$/.test(entry)) seen.add(read(entry));
  };
  const timer = setInterval(look, 1);
  try {
    await run();
  } finally {
    clearInterval(timer);
  }
  return seen;
}
