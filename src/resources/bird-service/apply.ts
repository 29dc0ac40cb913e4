import type { Host } from '../../host/types.ts';
import { serviceNote } from '../noted-services.ts';
import type { BirdServicePayload } from './plan.ts';

export async function applyBirdService({ do: verb, service }: BirdServicePayload, host: Host): Promise<void> {
  const { netns, configFile, controlSocket } = service;
  if (verb === 'start') {
    await host.notes.note(serviceNote(netns), JSON.stringify({ configFile, controlSocket }));
    return host.bird.start(service);
  }
  await host.bird.stop(service);
  await host.notes.forget(serviceNote(netns));
}
