// One operation on bird.conf or the running BIRD.
import type { Host } from '../../host/types.ts';
import { giveBack } from './give-back.ts';
import { endChange } from './last-good.ts';
import type { BirdPayload } from './spec.ts';
import { clearRoutes, clearMovedRoutes } from './stale-routes.ts';
import { confirmConf, takeConf } from './transaction.ts';
import { writeConf } from './write.ts';

export function applyBird(payload: BirdPayload, host: Host): Promise<void> {
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
  }
}
