// One operation on bird.conf or the running BIRD.
import { HostError, isHostError } from '../../host/error.ts';
import type { Host } from '../../host/types.ts';
import { checkConfigure, configure, confirmGeneration } from './configure.ts';
import { giveBack } from './give-back.ts';
import type { BirdPayload } from './spec.ts';
import { clearRoutes, clearMovedRoutes } from './stale-routes.ts';
import { writeConf } from './write.ts';

type Configure = Extract<BirdPayload, { do: 'configure' }>;

export function applyBird(payload: BirdPayload, host: Host): Promise<void> {
  switch (payload.do) {
    case 'write':
      return writeConf(payload, host);
    case 'configure':
      return takeConf(payload, host);
    case 'clear-routes':
      return payload.to === undefined
        ? clearRoutes(host, payload.from)
        : clearMovedRoutes(host, { from: payload.from, to: payload.to });
    case 'give-back':
      return giveBack(payload, host);
  }
}

async function takeConf(payload: Configure, host: Host): Promise<void> {
  try {
    await checkConfigure(host, payload);
    await configure(host, payload);
  } catch (error) {
    if (payload.optional && isHostError(error, 'ENOENT', 'ECONNREFUSED')) return;
    throw await putBack(error, payload, host);
  }
  await confirmGeneration(host, payload, payload.generation);
}

/** A BIRD that refuses a file goes on with what it has, and shall find that at its next start. */
async function putBack(error: unknown, { path, previous }: Configure, host: Host): Promise<unknown> {
  if (!isHostError(error) || !error.code.startsWith('BIRD_') || previous === undefined) return error;
  if (previous.text === undefined) await host.files.remove(path);
  else await host.files.write(path, previous.text);
  const back = previous.text === undefined ? 'the new file was removed again' : 'the file from before is back in place';
  return new HostError({
    operation: error.operation,
    code: error.code,
    detail: `${error.detail}; BIRD goes on with what it runs, and ${back}`,
    cause: error,
  });
}
