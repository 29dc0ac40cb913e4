// Deletes kernel routes that BIRD made and no longer knows. With `persist`, a kernel protocol that gets another table or metric
// leaves its old routes forever, and old routes with a lower metric win over the new ones.
import { isHostError } from '../../host/error.ts';
import type { Host, RouteInfo } from '../../host/types.ts';
import { formatPrefix } from '../../net/ip.ts';
import { WGOSPF_PROTOCOL } from '../../net/names.ts';
import { notedPlaces, placeNote, routesAt, type KernelPlace } from '../bird-places.ts';
import type { Move } from './kernel-place.ts';

const POLL_MS = 100;
/** two seconds for BIRD to fill the new place */
const POLLS = 20;

async function remove(host: Host, routes: readonly RouteInfo[]): Promise<void> {
  const removed = await Promise.allSettled(routes.map((route) => host.rtnl.deleteRoute(route)));
  for (const result of removed) {
    if (result.status === 'rejected' && !isHostError(result.reason, 'ESRCH', 'ENODEV')) throw result.reason;
  }
}

/** Deletes BIRD's routes at a place. */
export async function clearRoutes(host: Host, place: KernelPlace): Promise<void> {
  await remove(host, await routesAt(host, place));
}

/** Deletes the routes of the old place once the new one has a route to each of their networks, so that every packet finds one. */
export async function clearMovedRoutes(host: Host, { from, to }: Move): Promise<void> {
  for (let poll = 0; poll < POLLS && to !== undefined; poll++) {
    const [old, now] = [await routesAt(host, from), await routesAt(host, to)];
    const known = new Set(now.map(({ dst }) => formatPrefix(dst)));
    if (old.every(({ dst }) => known.has(formatPrefix(dst)))) break;
    await host.sleep(POLL_MS);
  }
  await clearRoutes(host, from);
}

/** Notes places before BIRD gets a file: if we end here, its routes are still known as ours. */
export async function notePlaces(host: Host, netns: string, places: readonly KernelPlace[]): Promise<void> {
  const known = new Set((await host.notes.all()).keys());
  for (const key of places.map((place) => placeNote(netns, place))) {
    if (!known.has(key)) await host.notes.note(key, '');
  }
}

/** Forgets the places of a BIRD that goes. A place in a table with our guard stays: the guard's removal clears routes and note. */
export async function forgetPlaces(host: Host, netns: string, places?: readonly KernelPlace[]): Promise<void> {
  const ours = await host.rtnl.routes({ protocol: WGOSPF_PROTOCOL });
  const guarded = new Set(ours.filter(({ type }) => type === 'unreachable').map(({ table }) => table));
  for (const place of places ?? (await notedPlaces(host, netns))) {
    if (place.table === undefined || !guarded.has(place.table)) await host.notes.forget(placeNote(netns, place));
  }
}
