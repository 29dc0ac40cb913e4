// Notes that outlast a reboot, beside those of /run, which must not: a reboot resets sysctls and links, and leaves files where
// they are. Which bird.conf is ours, and what the file from before it was like, is noted in /var/lib; and that there are notes
// in /run, by which their loss is seen.
import { readFileSync } from 'node:fs';
import { ownNamespaceId } from './netns/namespace-file.ts';
import type { Notes } from './types.ts';

export const LASTING_NOTES = '/var/lib/wgospf/notes.json';

/** There under this key where the notes of this boot were made and are gone; it is forgotten as any note. */
export const LOST_NOTE = 'lost';

const LASTING = ['bird:', 'before:'];
const RUN = 'run:';
const lasts = (key: string): boolean => LASTING.some((prefix) => key.startsWith(prefix));

/** What a reboot, or another container, makes another one. */
export const thisBoot = (): string =>
  `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${ownNamespaceId()}`;

/** One set of notes out of both. What an older version has in /run counts until it is noted anew. */
export function createLastingNotes(run: Notes, lasting: Notes, boot: () => string = thisBoot): Notes {
  const marks = async (): Promise<string[]> => [...(await lasting.all()).keys()].filter((key) => key.startsWith(RUN));
  const unmark = async (keep?: string): Promise<void> => {
    await lasting.forget(...(await marks()).filter((key) => key !== keep));
  };
  const mark = async (): Promise<void> => {
    const now = `${RUN}${boot()}`;
    await unmark(now);
    await lasting.note(now, 'notes');
  };
  return {
    async all() {
      const [short, long] = await Promise.all([run.all(), lasting.all()]);
      const lost = short.size === 0 && long.has(`${RUN}${boot()}`);
      const kept = [...long].filter(([key]) => !key.startsWith(RUN));
      return new Map([...short, ...kept, ...(lost ? [[LOST_NOTE, ''] as const] : [])]);
    },
    async note(key, value) {
      if (lasts(key)) return lasting.note(key, value);
      await mark(); // first: a note without its mark would be lost in silence
      await run.note(key, value);
    },
    async forget(...keys) {
      const long = keys.filter(lasts);
      if (long.length > 0) await lasting.forget(...long);
      const noted = await run.all();
      const short = new Set(keys.filter((key) => noted.has(key)));
      // with the last one goes the mark, and before it: whoever dies in between has lost no notes
      if (short.size === noted.size && short.size > 0) await unmark();
      if (short.size > 0) await run.forget(...short);
      // others may have gone at the same time; where all were gone before, that is still to be told
      if (keys.includes(LOST_NOTE) || (short.size > 0 && (await run.all()).size === 0)) await unmark();
    },
  };
}
