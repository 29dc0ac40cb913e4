// Which state stands on this host: what a wgospf was last let do, whole or in part. A veto never holds back its repair.
import type { Host } from '../host/types.ts';
import type { RouterModel } from '../model/types.ts';
import { createLastGood } from './last-good.ts';

/** The generation, for files other than the daemon's own: of those no text is kept. A reboot forgets it with what was made. */
const NOTE = 'standing';

type Kept = Pick<Host, 'files' | 'notes'>;

/** Undefined where nobody knows of any, or of its generation alone, and that is another one than `said`. */
export async function standingModel({ files, notes }: Kept, said: RouterModel): Promise<RouterModel | undefined> {
  const noted = (await notes.all()).get(NOTE);
  if (noted === said.generation) return said;
  const kept = await createLastGood(files).load(said.mesh.source.file, said.env);
  return noted === undefined || noted === kept?.generation ? kept : undefined;
}

/** The first note under a key stays, so the old one goes before. */
export async function noteStanding({ notes }: Pick<Host, 'notes'>, generation: string): Promise<void> {
  if ((await notes.all()).get(NOTE) === generation) return;
  await notes.forget(NOTE);
  await notes.note(NOTE, generation);
}

/** Nothing stands any more: `wgospf down`. */
export const forgetStanding = ({ notes }: Pick<Host, 'notes'>): Promise<void> => notes.forget(NOTE);
