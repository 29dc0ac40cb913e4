// A place is the network namespace that something is in: '' for the one that the agent runs in, else a name of /run/netns.
import { HostError } from './error.ts';
import type { Host } from './types.ts';

/** The host as it is in a place; a HostError ENOENT where there is no such namespace. */
export async function hostAt(host: Host, place: string): Promise<Host> {
  const found = await hostIn(host, place);
  if (found !== undefined) return found;
  const detail = `there is no network namespace ${place} (ip netns list)`;
  throw new HostError({ operation: `enter network namespace ${place}`, code: 'ENOENT', detail });
}

interface Enters<H> {
  readonly netns: { enter(name: string): Promise<H | undefined> };
}

/** The same of a host or a reader; undefined where there is no such namespace. */
export const hostIn = async <H extends Enters<H>>(host: H, place: string): Promise<H | undefined> =>
  place === '' ? host : host.netns.enter(place);

/** A command line as a person would type it outside. */
export const commandIn = (place: string, command: string): string =>
  place === '' ? command : `ip netns exec ${place} ${command}`;
