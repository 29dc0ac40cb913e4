// What a run that was killed, or an older version, left behind: put right by who holds the lock, before its first pass.
import { dirname } from 'node:path';
import { isHostError } from './error.ts';
import type { Host } from './types.ts';

/** Where our files are written, whatever the state file says. */
const FOLDERS = [
  '/run/wgospf',
  '/var/lib/wgospf',
  '/etc/bird',
  '/var/lib/wgospf/bird/etc/bird',
  '/etc/iproute2/rt_tables.d',
  '/etc/iproute2/rt_protos.d',
  '/etc/wgospf',
  '/etc/wgospf/keys',
];

const NOTED = 'bird:';

/** What cannot be read or written is told by the pass that needs it. */
export async function tidy(host: Pick<Host, 'files' | 'notes'>): Promise<void> {
  try {
    await tidyNow(host);
  } catch (error) {
    if (!isHostError(error)) throw error;
  }
}

async function tidyNow({ files, notes }: Pick<Host, 'files' | 'notes'>): Promise<void> {
  const noted = [...(await notes.all())].filter(([key]) => key.startsWith(NOTED));
  const folders = noted.map(([key]) => dirname(key.slice(NOTED.length)));
  await files.sweep([...new Set([...FOLDERS, ...folders])]);
  // an older version noted them in /run alone; one that is noted already is not written again
  for (const [key, value] of noted) await notes.note(key, value);
}
