// `down`: the file from before us comes back, or none where there was none, and BIRD takes out what it put into the kernel.
import { parseProtocols } from '../../host/bird/parse/protocols.ts';
import { codes } from '../../host/bird/reply-codes.ts';
import { isHostError } from '../../host/error.ts';
import { hostIn } from '../../host/place.ts';
import type { Host } from '../../host/types.ts';
import { protocolsOf } from './clauses.ts';
import { ask, checkConfigure, configure, type ConfigSource } from './configure.ts';
import { keepEdit } from './edited.ts';
import { NOTHING, readHeader } from './header.ts';
import { forgetLastGood, isGone } from './last-good.ts';
import { readSections } from './sections.ts';
import { keptText, putBack } from './kept.ts';
import { birdNote, CONF_MODE, keptNote, keptPath, type BirdPayload } from './spec.ts';
import { notedPlaces, samePlace } from '../bird-places.ts';
import { placesOf } from './kernel-place.ts';
import { clearRoutes, forgetPlaces } from './stale-routes.ts';
import { clearStrays } from './strays.ts';

type GiveBack = Extract<BirdPayload, { do: 'give-back' }>;

const POLL_MS = 100;
/** five seconds for OSPF to say goodbye and to withdraw its routes */
const POLLS = 50;

/** Cut off anywhere, a second `down` goes on where this one ended: by our mark in the file, or by the note. */
export async function giveBack(payload: GiveBack, host: Host): Promise<void> {
  const { path, socket, netns } = payload;
  if (payload.down) for (const place of payload.places) await clearRoutes(host, place);
  const text = await host.files.read(path);
  await keepEdit(host, path);
  const there = await hostIn(host, netns);
  // without the namespace there are no routes of that BIRD either
  if (there !== undefined) await clearForgotten(there, netns, payload.down ? '' : (text ?? ''));
  await clearStrays(host, path);
  const kept = await keptText(host, path);
  const mine = text === undefined || readHeader(text) !== undefined;
  // what is in place already: another `down` was cut off
  const ours = mine || text === kept;
  if (mine && kept !== undefined) await putBack(host, path, kept);
  else if (mine) await host.files.write(path, NOTHING, { mode: CONF_MODE });
  if (!payload.down) await handOver(host, { path, socket }, protocolsOf(readSections(text ?? ''), 'ospf'));
  await forgetLastGood(host, { path, secretsFile: payload.secretsFile });
  if (ours) await host.files.remove(payload.secretsFile);
  if (ours && kept === undefined) await host.files.remove(path);
  // nothing but the mesh's return asks for the copy then
  if (ours && !payload.copy) await host.files.remove(keptPath(path));
  await forgetPlaces(host, netns);
  await forgetFile(host, path);
}

export async function dropCopy(path: string, host: Host): Promise<void> {
  await host.files.remove(keptPath(path));
  await forgetFile(host, path);
}

/** A copy that stays keeps the note of its mode and owner. Both notes go at once: the file is found by one of them. */
async function forgetFile(host: Host, path: string): Promise<void> {
  const stays = (await keptText(host, path)) !== undefined;
  await host.notes.forget(birdNote(path), ...(stays ? [] : [keptNote(path)]));
}

/** Places that a BIRD of ours once had and has no more: it withdraws only from those that it has. */
async function clearForgotten(host: Host, netns: string, text: string): Promise<void> {
  const kept = placesOf(readSections(text));
  const places = (await notedPlaces(host, netns)).filter((place) => !kept.some((other) => samePlace(place, other)));
  for (const place of places) await clearRoutes(host, place);
}

/** Has BIRD take the file that is now in place; one that reads another file, or is down by now, wants nothing from us. */
async function handOver(host: Host, source: ConfigSource, ospf: readonly string[]): Promise<void> {
  try {
    await checkConfigure(host, source);
  } catch (error) {
    if (isGone(error) || isHostError(error, 'BIRD_OTHER_FILE')) return;
    throw error;
  }
  await Promise.all(ospf.map((name) => withdraw(host, source, name)));
  await configure(host, source);
}

/**
 * With `persist` a kernel protocol that is removed leaves its routes behind; OSPF that is disabled before it withdraws
 * them one by one. The `configure` that follows brings a protocol of that name up again, where the new file has one.
 */
async function withdraw(host: Host, source: ConfigSource, name: string): Promise<void> {
  const reply = await host.bird.command(source.socket, `disable ${name}`);
  if (!reply.lines.some(({ code }) => code === codes.disabled)) return;
  for (let poll = 0; poll < POLLS; poll++) {
    const shown = parseProtocols(await ask(host, source, `show protocols ${name}`));
    if (shown.every(({ state }) => state === 'down')) return;
    await host.sleep(POLL_MS);
  }
}
