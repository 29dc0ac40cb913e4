// Puts our file in place: checked by BIRD's own parser first, in one rename, with another's file kept beside it.
import { HostError } from '../../host/error.ts';
import type { Host } from '../../host/types.ts';
import { readHeader } from './header.ts';
import { placesOf } from './kernel-place.ts';
import { readSections } from './sections.ts';
import { notePlaces } from './stale-routes.ts';
import { endChange, forgetLastGood, keepLastGood, restoreLastGood } from './last-good.ts';
import { birdNote, birdNoteText, CONF_MODE, keptPath, type BirdStep } from './spec.ts';

type Write = Extract<BirdStep, { do: 'write' }>;

export async function writeConf(payload: Write, host: Host): Promise<void> {
  const { path, socket, netns, text, keep, taken, secrets } = payload;
  const files = { path, socket, secretsFile: secrets?.file };
  const candidate = `${path}.new`;
  try {
    await host.files.remove(candidate); // one that a crash left would keep its mode and owner
    const group = await host.bird.group();
    if (!taken) await forgetLastGood(host, files); // BIRD is down: nothing that ran before counts
    await keepLastGood(host, files);
    if (secrets?.rewrite === true) await host.birdSecrets.write(secrets.file, secrets.passwords, group);
    await host.files.write(candidate, text, { mode: CONF_MODE, owner: `root:${group}` });
    await check(candidate, { path, socket }, host);
    await host.notes.note(birdNote(path), birdNoteText(socket, netns));
    // that of the file before as well: an earlier wgospf noted none
    const former = (await host.files.read(path)) ?? '';
    const texts = [text, ...(readHeader(former) === undefined ? [] : [former])];
    await notePlaces(
      host,
      netns,
      texts.flatMap((one) => placesOf(readSections(one))),
    );
    if (keep) await keepForeign(path, host);
    await host.files.rename(candidate, path);
    if (!taken) await endChange(host, { path, secrets });
  } catch (error) {
    await host.files.remove(candidate);
    await restoreLastGood(host, files);
    throw error;
  }
}

/** `bird -p`, which names the candidate in its message where a person knows the file by its name. */
async function check(candidate: string, { path, socket }: { path: string; socket: string }, host: Host): Promise<void> {
  const complaint = await host.bird.check(candidate, socket);
  if (complaint === undefined) return;
  throw new HostError({
    operation: `bird -p -c ${path}`,
    code: 'BIRD_REFUSED',
    detail: `${complaint.replaceAll(candidate, path)}; the file in place was not touched`,
  });
}

/** A copy that is there is never overwritten: it is what was found at first. A second one is numbered. */
async function keepForeign(path: string, host: Host): Promise<void> {
  const text = await host.files.read(path);
  if (text === undefined) return;
  for (let n = 1; ; n++) {
    const copy = n === 1 ? keptPath(path) : `${keptPath(path)}.${n}`;
    const there = await host.files.read(copy);
    // one of the same text may be a copy that has lost mode and owner of the file
    if (there === undefined || there === text) return host.files.rename(path, copy);
  }
}
