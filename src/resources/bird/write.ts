// Puts our file in place: BIRD's own parser checks it first, one rename installs it, and a foreign file is kept.
import { HostError } from '../../host/error.ts';
import type { Host } from '../../host/types.ts';
import { readHeader } from './header.ts';
import { placesOf } from './kernel-place.ts';
import { readSections } from './sections.ts';
import { notePlaces } from './stale-routes.ts';
import { keepEdit } from './edited.ts';
import { keepCopy } from './kept.ts';
import { endChange, forgetLastGood, keepLastGood, remember, restoreLastGood } from './last-good.ts';
import { candidatePath, CONF_MODE, PASSABLE, type BirdPayload } from './spec.ts';

type Write = Extract<BirdPayload, { do: 'write' }>;

export async function writeConf(payload: Write, host: Host): Promise<void> {
  const { path, socket, text, netns, keep, taken, secrets } = payload;
  const files = { path, socket, secretsFile: secrets?.file };
  const candidate = candidatePath(path);
  await host.files.read(path); // throws if somebody else put something in its place: then nothing changes
  try {
    const group = await host.bird.group();
    const readable = { mode: CONF_MODE, owner: `root:${group}` };
    if (!taken) await forgetLastGood(host, files); // BIRD is down: an earlier copy does not count
    await keepLastGood(host, files);
    if (secrets?.rewrite === true) await host.birdSecrets.write(secrets.file, secrets.passwords, group);
    await host.files.write(candidate, text, { ...readable, passable: PASSABLE });
    await check(candidate, { path, socket }, host);
    await remember(host, payload);
    // also the places of the earlier file: an earlier wgospf noted none
    const former = (await host.files.read(path)) ?? '';
    const texts = [text, ...(readHeader(former) === undefined ? [] : [former])];
    await notePlaces(
      host,
      netns,
      texts.flatMap((one) => placesOf(readSections(one))),
    );
    if (keep) await keepCopy(host, path);
    await keepEdit(host, path);
    await host.files.write(path, text, readable);
    await host.files.remove(candidate);
    if (!taken) await endChange(host, payload);
  } catch (error) {
    await host.files.remove(candidate);
    await restoreLastGood(host, files);
    throw error;
  }
}

/** `bird -p`. Its message names the candidate; the error names the file that a person knows. */
async function check(candidate: string, { path, socket }: { path: string; socket: string }, host: Host): Promise<void> {
  const complaint = await host.bird.check(candidate, socket, path);
  if (complaint === undefined) return;
  throw new HostError({
    operation: `bird -p -c ${path}`,
    code: 'BIRD_REFUSED',
    detail: `${complaint.replaceAll(candidate, path)}; the file in place was not touched`,
  });
}
