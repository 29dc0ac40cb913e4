// Finds which BIRDs of ours run, by notes and control sockets. A socket is a file, so it also answers from outside.
import type { Observe, Observed } from '../../engine/types.ts';
import { isHostError } from '../../host/error.ts';
import type { HostReader } from '../../host/reader.ts';
import type { BirdService } from '../../host/types.ts';
import { notedServices } from '../noted-services.ts';
import { desiredBirdService, type BirdServiceSpec } from './spec.ts';

async function look(host: HostReader, service: BirdService): Promise<BirdServiceSpec> {
  const answer = await ask(host, service.controlSocket);
  const isThere = (await host.netns.list()).includes(service.netns);
  return { ...service, state: answer === 'stopped' || isThere ? answer : 'astray' };
}

async function ask(host: HostReader, socket: string): Promise<'running' | 'silent' | 'stopped'> {
  try {
    await host.bird.ask(socket, 'show status');
    return 'running';
  } catch (error) {
    if (!isHostError(error)) throw error;
    return isHostError(error, 'ENOENT', 'ECONNREFUSED') ? 'stopped' : 'silent';
  }
}

export const observeBirdService: Observe<BirdServiceSpec> = async (host, model) => {
  const noted = await notedServices(host);
  const wanted = model === undefined ? [] : desiredBirdService(model).map(({ spec }) => spec);
  const strange = wanted.filter(({ netns }) => !noted.some((service) => service.netns === netns));
  const found = await Promise.all([...noted, ...strange].map((service) => look(host, service)));
  return {
    objects: found
      // without a note, a stopped one does not exist: the plan creates it
      .filter(({ state, netns }) => state !== 'stopped' || noted.some((service) => service.netns === netns))
      .map((spec): Observed<BirdServiceSpec> => ({ spec, owned: true })),
  };
};
