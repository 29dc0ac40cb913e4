// Notes that survive a reboot, in addition to those of /run, which must not: a reboot resets sysctls and links, but keeps
// files. /var/lib has the notes about bird.conf (which one is ours, and the file before it), and a mark that /run has notes,
// which shows if they were lost.
import { readFileSync } from 'node:fs';
import { ownNamespaceId } from './netns/namespace-file.ts';
import type { Notes } from './types.ts';

export const LASTING_NOTES = '/var/lib/wgospf/notes.json';

/** The key that exists if notes were made in this boot and are lost; `forget` removes it like any note. */
export const LOST_NOTE = 'lost';

const LASTING = ['bird:', 'before:'];
const RUN = 'run:';
const lasts = (key: string): boolean => LASTING.some((prefix) => key.startsWith(prefix));

/** An identifier that differs after a reboot, and in another container. */
export const thisBoot = (): string =>
  `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${ownNamespaceId()}`;

/** Combines both sets of notes. A note that an older version left in /run is valid until it is noted again. */
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
      await mark(); // first: the loss of a note without its mark would not be noticed
      await run.note(key, value);
    },
    async forget(...keys) {
      const long = keys.filter(lasts);
      if (long.length > 0) await lasting.forget(...long);
      const noted = await run.all();
      const short = new Set(keys.filter((key) => noted.has(key)));
      // remove the mark before the last notes: after a crash in between, no notes count as lost
      if (short.size === noted.size && short.size > 0) await unmark();
      if (short.size > 0) await run.forget(...short);
      // other calls may have removed notes meanwhile; if all were gone before this call, LOST_NOTE must stay
      if (keys.includes(LOST_NOTE) || (short.size > 0 && (await run.all()).size === 0)) await unmark();
    },
  };
}
