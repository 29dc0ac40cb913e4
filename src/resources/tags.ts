// The tags by which operations of different kinds wait for each other, and the parts of the model that several kinds read.
import type { Desired, ObjectRef, Tag } from '../engine/types.ts';
import type { LocalInterface, RouterModel, Tunnel } from '../model/types.ts';
import { vrfOf } from '../model/sides.ts';
import { compareText } from '../net/compare-text.ts';

/** Done when no packet of the mesh can cross, whatever its interface. */
export const MESH_GUARD = 'done guard:mesh';
/** Done when packets that come in by this interface can only go to the mesh. */
export const interfaceGuard = (name: string): Tag => `done guard:${name}`;
/** Done when the link carries no more packets of ours, and has no address of ours. */
export const linkGone = (name: string): Tag => `done gone:${name}`;
/** Done when forwarding does not make this interface ignore router advertisements. */
export const advertisementsKept = (name: string): Tag => `done ra:${name}`;
/** Done when a file has the keys that only this live device had. */
export const keyKept = (name: string): Tag => `done key-kept:${name}`;
/** Done when no BIRD of ours runs in a namespace of that name. */
export const birdEnded = (netns: string): Tag => `done bird-ended:${netns}`;
/** Done when the file that BIRD is to run is in place. */
export const birdWritten = (path: string): Tag => `done bird-conf:${path}`;
/** Done when the link is in the mesh's VRF. */
export const enslaved = (name: string): Tag => `done enslaved:${name}`;
/** Done when sockets that are bound to no device also receive packets that come in by a VRF. */
export const SOCKETS_KEPT = 'done sockets:mesh';
export const ALL_LINKS_GONE: Tag = 'done gone:*';
/** Done when no packet of a transit network uses main any more; no interface name contains a `/`. */
export const TRANSIT_GONE: Tag = linkGone('/transit');
/** Done when the host forwards no more than it did before us. */
export const FORWARDING_BACK: Tag = linkGone('/forwarding');

export const linkRef = (name: string): ObjectRef => `link:${name}`;

/** The prefix of the notes in /run/wgospf with the value of a sysctl before our first change. */
export const SYSCTL_NOTE = 'sysctl:';

export { LINK_NOTE } from '../engine/namespaces.ts';

/** The prefix of the notes with what a borrowed link had outside, while the link is in the mesh's namespace. */
export const MOVED_NOTE = 'moved:';

export type MeshLink = LocalInterface | Tunnel;

const sorted = new WeakMap<RouterModel, readonly MeshLink[]>();

/** Every interface of the mesh, by name. */
export function meshLinks(model: RouterModel): readonly MeshLink[] {
  const links =
    sorted.get(model) ?? [...model.interfaces, ...model.tunnels].sort((a, b) => compareText(a.name, b.name));
  sorted.set(model, links);
  return links;
}

/**
 * For kinds that know links by their names: while a foreign link has the name of one of ours, the model does not contain that name.
 * Otherwise the foreign link would get into the mesh. A local interface of the file is foreign by design, and never blocked.
 */
export function withoutForeignLinks(model: RouterModel, blocked: ReadonlySet<ObjectRef>): RouterModel {
  const names = [...meshLinks(model).map(({ name }) => name), vrfOf(model)].filter((name) =>
    blocked.has(linkRef(name)),
  );
  if (names.length === 0) return model;
  const isOurs = ({ name }: MeshLink): boolean => !names.includes(name);
  const { interfaces, tunnels, env } = model;
  return {
    ...model,
    env: { ...env, foreignLinks: names },
    interfaces: interfaces.filter(isOurs),
    tunnels: tunnels.filter(isOurs),
  };
}

/** The families whose rules and routes this host can hold. */
export const families = (model: RouterModel): readonly (4 | 6)[] => (model.env.ipv6 ? [4, 6] : [4]);

/** Keeps the first of the desired objects with equal keys (two links with the same route, for example). */
export function unique<S>(objects: readonly Desired<S>[], key: (spec: S) => string): Desired<S>[] {
  const seen = new Map<string, Desired<S>>();
  for (const object of objects) if (!seen.has(key(object.spec))) seen.set(key(object.spec), object);
  return [...seen.values()];
}
