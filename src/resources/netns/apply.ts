import { isHostError } from '../../host/error.ts';
import { hostAt } from '../../host/place.ts';
import type { Host } from '../../host/types.ts';
import { insidePrefix, netnsNote } from '../places.ts';
import type { NetnsPayload } from './plan.ts';

export async function applyNetns(payload: NetnsPayload, host: Host): Promise<void> {
  switch (payload.do) {
    case 'add':
      // noted first: whoever dies in between has not made one that nobody takes away
      await host.notes.note(netnsNote(payload.name), 'made');
      return host.netns.add(payload.name);
    case 'use':
      await host.notes.note(netnsNote(payload.name), 'found');
      return (await hostAt(host, payload.name)).rtnl.setLink('lo', { up: true });
    case 'leave':
      return leave(payload, host);
  }
}

async function leave({ spec }: NetnsPayload & { do: 'leave' }, host: Host): Promise<void> {
  if (spec.noted === 'made' && spec.exists) {
    try {
      await host.netns.delete(spec.name);
    } catch (error) {
      if (!isHostError(error, 'ENOENT')) throw error;
    }
  }
  const prefix = insidePrefix(spec.name);
  for (const key of (await host.notes.all()).keys()) if (key.startsWith(prefix)) await host.notes.forget(key);
  await host.notes.forget(netnsNote(spec.name));
}
