// Whether a path crosses between the mesh and the underlay, and whether it may. Pure.
import type { RouteAnswer } from '../host/types.ts';
import { contains, type Prefix } from '../net/ip.ts';
import type { Path, Probe } from './types.ts';

export interface Sides {
  /** names of the mesh interfaces */
  readonly mesh: ReadonlySet<string>;
  /** networks of the mesh that are open to the underlay */
  readonly transit: readonly Prefix[];
  /** all networks of the mesh */
  readonly prefixes: readonly Prefix[];
}

export function judge(probe: Probe, answer: RouteAnswer, sides: Sides): Path {
  if (answer.verdict !== 'forward') return { ...probe, answer, leak: undefined };
  const leak = leakOf(probe, answer.dev, sides);
  if (leak === undefined || !isAllowed(probe, answer.dev, sides)) return { ...probe, answer, leak };
  return { ...probe, answer, leak: undefined, allowed: true };
}

function leakOf({ origin, destination }: Probe, dev: string, { mesh }: Sides): string | undefined {
  if (origin.side === 'underlay') {
    if (mesh.has(dev)) return 'it gets into the mesh';
    // another VRF is a separate network, which may use the same addresses
    return origin.oif === undefined ? "the mesh's traffic leaves by the underlay" : undefined;
  }
  if (origin.side === 'own' && destination.side === 'underlay') {
    if (!mesh.has(dev)) return undefined;
    const isEndpoint = destination.name.startsWith('endpoint');
    return isEndpoint ? 'a tunnel would run through the mesh itself' : "what is not the mesh's would go into it";
  }
  return mesh.has(dev) ? undefined : "the mesh's traffic leaves by the underlay";
}

/** A path between a transit network and the underlay is allowed, in both directions; never from the underlay with a mesh source. */
function isAllowed({ origin, destination, query }: Probe, dev: string, { mesh, transit, prefixes }: Sides): boolean {
  const isIn = (networks: readonly Prefix[], address: string | undefined): boolean =>
    address !== undefined && networks.some((prefix) => contains(prefix, address));
  const open = (address: string | undefined): boolean => isIn(transit, address);
  if (origin.side === 'underlay') return mesh.has(dev) && open(query.to) && !isIn(prefixes, query.from);
  return origin.side === 'mesh' && destination.side === 'underlay' && open(query.from);
}
