// `down`: restores the file from before us, or removes ours if there was none, and BIRD deletes its routes from the kernel.
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
/** five seconds for OSPF to leave its neighbours and to withdraw its routes */
const POLLS = 50;

/** If it is cut off anywhere, a second `down` continues there: our mark in the file, or the note, shows it. */
export async function giveBack(payload: GiveBack, host: Host): Promise<void> {
  const { path, socket, netns } = payload;
  if (payload.down) for (const place of payload.places) await clearRoutes(host, place);
  const text = await host.files.read(path);
  await keepEdit(host, path);
  const there = await hostIn(host, netns);
  // without the namespace there are no routes of its BIRD either
  if (there !== undefined) await clearForgotten(there, netns, payload.down ? '' : (text ?? ''));
  await clearStrays(host, path);
  const kept = await keptText(host, path);
  const mine = text === undefined || readHeader(text) !== undefined;
  // the earlier file may already be in place: another `down` was cut off
  const ours = mine || text === kept;
  if (mine && kept !== undefined) await putBack(host, path, kept);
  else if (mine) await host.files.write(path, NOTHING, { mode: CONF_MODE });
  if (!payload.down) await handOver(host, { path, socket }, protocolsOf(readSections(text ?? ''), 'ospf'));
  await forgetLastGood(host, { path, secretsFile: payload.secretsFile });
  if (ours) await host.files.remove(payload.secretsFile);
  if (ours && kept === undefined) await host.files.remove(path);
  // only a mesh that may return needs the copy afterwards
  if (ours && !payload.copy) await host.files.remove(keptPath(path));
  await forgetPlaces(host, netns);
  await forgetFile(host, path);
}

export async function dropCopy(path: string, host: Host): Promise<void> {
  await host.files.remove(keptPath(path));
  await forgetFile(host, path);
}

/** A copy that stays keeps the note of its mode and owner. Both notes go at once, because either of them finds the file. */
async function forgetFile(host: Host, path: string): Promise<void> {
  const stays = (await keptText(host, path)) !== undefined;
  await host.notes.forget(birdNote(path), ...(stays ? [] : [keptNote(path)]));
}

/** Clears places that a BIRD of ours had earlier: BIRD itself withdraws routes only from its present places. */
async function clearForgotten(host: Host, netns: string, text: string): Promise<void> {
  const kept = placesOf(readSections(text));
  const places = (await notedPlaces(host, netns)).filter((place) => !kept.some((other) => samePlace(place, other)));
  for (const place of places) await clearRoutes(host, place);
}

/** Makes BIRD take the file that is now in place; a BIRD that reads another file, or is down by now, needs nothing. */
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
 * With `persist` a kernel protocol that is removed leaves its routes behind; OSPF that is disabled before withdraws
 * them one by one. The `configure` that follows starts a protocol of that name again, if the new file has one.
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
