// One operation on bird.conf or the running BIRD.
import { hostIn } from '../../host/place.ts';
import type { Host } from '../../host/types.ts';
import { dropCopy, giveBack } from './give-back.ts';
import { endChange } from './last-good.ts';
import type { BirdPayload, BirdStep } from './spec.ts';
import { clearRoutes, clearMovedRoutes } from './stale-routes.ts';
import { confirmConf, takeConf } from './transaction.ts';
import { writeConf } from './write.ts';

export async function applyBird({ netns, of }: BirdPayload, host: Host): Promise<void> {
  const there = await hostIn(host, netns);
  // without the namespace there are no routes of that BIRD either
  if (there !== undefined) return applyStep(of, there);
  if (of.do !== 'clear-routes') return applyStep(of, host);
}

function applyStep(payload: BirdStep, host: Host): Promise<void> {
  switch (payload.do) {
    case 'write':
      return writeConf(payload, host);
    case 'configure':
      return takeConf(payload, host);
    case 'confirm':
      return confirmConf(payload, host);
    case 'forget':
      return endChange(host, payload);
    case 'clear-routes':
      return payload.to === undefined
        ? clearRoutes(host, payload.from)
        : clearMovedRoutes(host, { from: payload.from, to: payload.to });
    case 'give-back':
      return giveBack(payload, host);
    case 'drop-copy':
      return dropCopy(payload.path, host);
  }
}
