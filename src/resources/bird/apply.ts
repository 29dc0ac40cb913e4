// One operation on bird.conf or the running BIRD.
import { hostIn } from '../../host/place.ts';
import type { Host } from '../../host/types.ts';
import { dropCopy, giveBack } from './give-back.ts';
import { endChange } from './last-good.ts';
import type { BirdPayload, BirdStep } from './spec.ts';
import { placeNote } from '../bird-places.ts';
import { clearMovedRoutes, forgetPlaces } from './stale-routes.ts';
import { confirmConf, takeConf } from './transaction.ts';
import { writeConf } from './write.ts';

export async function applyBird({ netns, of }: BirdPayload, host: Host): Promise<void> {
  const there = await hostIn(host, netns);
  // without the namespace there are no routes of that BIRD either
  if (of.do !== 'clear-routes') return applyStep(of, there ?? host, netns);
  if (there !== undefined) await clearMovedRoutes(there, of);
  if (of.givenUp) return forgetPlaces(there ?? host, netns, [of.from]);
  return host.notes.forget(placeNote(netns, of.from));
}

function applyStep(payload: Exclude<BirdStep, { do: 'clear-routes' }>, host: Host, netns: string): Promise<void> {
  switch (payload.do) {
    case 'write':
      return writeConf(payload, host);
    case 'configure':
      return takeConf(payload, host);
    case 'confirm':
      return confirmConf(payload, host);
    case 'forget':
      return endChange(host, payload);
    case 'give-back':
      return giveBack(payload, host, netns);
    case 'drop-copy':
      return dropCopy(payload.path, host);
  }
}
