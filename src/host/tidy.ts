// Cleans up what a killed wgospf or an older version left behind; the holder of the lock calls it before its first pass.
import { dirname } from 'node:path';
import { isHostError } from './error.ts';
import type { Host } from './types.ts';

/** The folders of wgospf's files that do not depend on the state file. */
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

/** Ignores HostErrors: the pass that needs the file reports them. */
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
  // an older version kept these notes only in /run; an existing note is not written again
  for (const [key, value] of noted) await notes.note(key, value);
}
