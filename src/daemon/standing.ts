// The model in force on this host: the last one that a wgospf applied, fully or partly. A veto never holds back its repair.
import type { Host } from '../host/types.ts';
import type { RouterModel } from '../model/types.ts';
import { createLastGood } from './last-good.ts';

/** The generation, for state files other than the daemon's: their text is not kept. A reboot deletes the note and all objects. */
const NOTE = 'standing';

type Kept = Pick<Host, 'files' | 'notes'>;

/** undefined if none is known, or if only its generation is known and differs from that of `said`. */
export async function standingModel({ files, notes }: Kept, said: RouterModel): Promise<RouterModel | undefined> {
  const noted = (await notes.all()).get(NOTE);
  if (noted === said.generation) return said;
  const kept = await createLastGood(files).load(said.mesh.source.file, said.env);
  return noted === undefined || noted === kept?.generation ? kept : undefined;
}

/** The first note under a key stays, so the old one is deleted first. */
export async function noteStanding({ notes }: Pick<Host, 'notes'>, generation: string): Promise<void> {
  if ((await notes.all()).get(NOTE) === generation) return;
  await notes.forget(NOTE);
  await notes.note(NOTE, generation);
}

/** No model is in force any more: `wgospf down`. */
export const forgetStanding = ({ notes }: Pick<Host, 'notes'>): Promise<void> => notes.forget(NOTE);
