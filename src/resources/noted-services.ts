// The BIRDs that we started inside, from their notes: one for each namespace.
import type { HostReader } from '../host/reader.ts';
import type { BirdService } from '../host/types.ts';

const SERVICE_NOTE = 'bird-service:';
export const serviceNote = (netns: string): string => `${SERVICE_NOTE}${netns}`;

export async function notedServices(host: HostReader): Promise<BirdService[]> {
  const notes = [...(await host.notes.all())].filter(([key]) => key.startsWith(SERVICE_NOTE));
  return notes.map(([key, value]) => ({
    ...(JSON.parse(value) as Omit<BirdService, 'netns'>),
    netns: key.slice(SERVICE_NOTE.length),
  }));
}
