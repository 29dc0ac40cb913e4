// A place is a network namespace: '' for the one that the agent runs in, else a name in /run/netns.
import { HostError } from './error.ts';
import type { Host } from './types.ts';

/** The host inside a place; throws a HostError ENOENT if there is no such namespace. */
export async function hostAt(host: Host, place: string): Promise<Host> {
  const found = await hostIn(host, place);
  if (found !== undefined) return found;
  const detail = `there is no network namespace ${place} (ip netns list)`;
  throw new HostError({ operation: `enter network namespace ${place}`, code: 'ENOENT', detail });
}

interface Enters<H> {
  readonly netns: { enter(name: string): Promise<H | undefined> };
}

/** The same for a host or a reader; undefined if there is no such namespace. */
export const hostIn = async <H extends Enters<H>>(host: H, place: string): Promise<H | undefined> =>
  place === '' ? host : host.netns.enter(place);

/** The command line that a person would type outside. */
export const commandIn = (place: string, command: string): string =>
  place === '' ? command : `ip netns exec ${place} ${command}`;
