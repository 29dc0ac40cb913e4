// Applies one operation on bird.conf or on the running BIRD.
import type { Host } from '../../host/types.ts';
import { dropCopy, giveBack } from './give-back.ts';
import { endChange } from './last-good.ts';
import type { BirdPayload } from './spec.ts';
import { placeNote } from '../bird-places.ts';
import { clearMovedRoutes, forgetPlaces } from './stale-routes.ts';
import { confirmConf, takeConf } from './transaction.ts';
import { writeConf } from './write.ts';

export async function applyBird(payload: BirdPayload, host: Host): Promise<void> {
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
      return giveBack(payload, host);
    case 'clear-routes': {
      const { netns, from, givenUp } = payload;
      await clearMovedRoutes(host, payload);
      return givenUp ? forgetPlaces(host, netns, [from]) : host.notes.forget(placeNote(netns, from));
    }
    case 'drop-copy':
      return dropCopy(payload.path, host);
  }
}
