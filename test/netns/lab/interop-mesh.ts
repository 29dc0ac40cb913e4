// Routers of every BIRD that we know, twice: each of the first set has a tunnel to each of the second that is as new or
// newer, so every pair of versions is adjacent, once as `ptp` and once as `ptmp`. wgospf configures all of them.
import { useBird, type BirdVersion } from './bird-versions.ts';
import { makeLab, type Lab } from './make-lab.ts';
import type { Router } from './router.ts';

export const TYPES = ['ptp', 'ptmp'] as const;
export type TunnelType = (typeof TYPES)[number];

export interface Node {
  readonly router: Router;
  readonly version: BirdVersion;
  /** `10.69.N.1`, on `lan`, also its router id */
  readonly address: string;
  /** one key for each type: two tunnels to the same router must not share a key */
  readonly publicKeys: Readonly<Record<TunnelType, string>>;
}

export interface Pair {
  readonly a: Node;
  readonly b: Node;
  readonly number: number;
}

/** The parts of the state files beside keys, names and ports. */
export interface Flavour {
  /** `address:` of a tunnel, whose ends have the sides 0 and 1 */
  readonly address: (index: number, side: 0 | 1) => string;
  /** words of its `ospf:`; `better`: its type is the preferred one */
  readonly ospf: (type: TunnelType, better: boolean) => string;
  /** the file around the tunnels */
  readonly state: (node: Node, tunnels: readonly string[]) => string;
}

export interface InteropMesh {
  readonly lab: Lab;
  readonly nodes: readonly Node[];
  readonly pairs: readonly Pair[];
  /** makes every router apply the state in which tunnels of this type are the better path */
  readonly prefer: (type: TunnelType) => Promise<void>;
}

/** Name of the tunnel towards the far end: `ptmp-b2.0`. */
export const tunnelName = (type: TunnelType, far: Node): string => `${type}-${far.router.name}`;

/** A router of that version with keys and `lan`, a bridge, because a bridge needs no far end. */
export async function makeNode(lab: Lab, name: string, version: BirdVersion, net: number): Promise<Node> {
  const router = await lab.router(name);
  await useBird(router, version);
  const publicKeys = { ptp: await router.makeKey('keys/ptp.key'), ptmp: await router.makeKey('keys/ptmp.key') };
  await router.sh('ip link add lan type bridge; ip link set lan up');
  await router.startBird();
  return { router, version, address: `10.69.${net}.1`, publicKeys };
}

export function nodeState(node: Node, tunnels: readonly string[]): string {
  return `version: 1
router: {id: ${node.address}}
mesh:
  table: {name: nycmesh, id: 2}
  prefixes: [10.69.0.0/16, 10.70.0.0/16]
interfaces:
  lan: {address: ${node.address}/24, ospf: {stub: true}}
tunnels:${tunnels.join('')}
`;
}

/** IPv4 by OSPFv2, which every BIRD supports. */
const plain: Flavour = {
  address: (index, side) => `10.70.0.${index * 2 + side}/31`,
  ospf: (_, better) => `cost: ${better ? 10 : 20}`,
  state: nodeState,
};

function stateOf(node: Node, pairs: readonly Pair[], flavour: Flavour, preferred: TunnelType): string {
  const tunnels = pairs.flatMap(({ a, b, number }) => {
    if (a !== node && b !== node) return [];
    const [far, side] = a === node ? [b, 0 as const] : [a, 1 as const];
    return TYPES.map((type, i) => {
      const index = number * 2 + i;
      return `
  ${tunnelName(type, far)}:
    address: ${flavour.address(index, side)}
    listenPort: ${51800 + index}
    privateKeyFile: keys/${type}.key
    peer: {publicKey: ${far.publicKeys[type]}, endpoint: '${far.router.underlay}:${51800 + index}'}
    ospf: {type: ${type}, hello: 1, dead: 4, ${flavour.ospf(type, type === preferred)}}`;
    });
  });
  return flavour.state(node, tunnels);
}

/** Needs root. Nothing is applied yet; every BIRD runs as packaged. */
export async function makeInteropMesh(
  versions: readonly BirdVersion[],
  flavour: Flavour = plain,
): Promise<InteropMesh> {
  const lab = await makeLab();
  const make = (side: string): Promise<Node>[] =>
    versions.map((version, i) => makeNode(lab, `${side}${version.label}`, version, i + (side === 'a' ? 10 : 20)));
  const [as, bs] = [await Promise.all(make('a')), await Promise.all(make('b'))];
  const pairs = as.flatMap((a, i) => bs.slice(i).map((b) => ({ a, b }))).map((pair, number) => ({ ...pair, number }));
  const nodes = [...as, ...bs];

  return {
    lab,
    nodes,
    pairs,
    prefer: async (type) => {
      await Promise.all(
        nodes.map(async (node) => {
          await node.router.writeState(stateOf(node, pairs, flavour, type));
          await node.router.wgospf(['apply', '--adopt'], { timeout: 300 });
        }),
      );
    },
  };
}

/** Every pair of labels, `1.6` and `2.0`, each once. */
export const labelPairs = (versions: readonly BirdVersion[]): (readonly [string, string])[] =>
  versions.flatMap((a, i) => versions.slice(i).map((b) => [a.label, b.label] as const));

/** The routers of a pair. */
export function nodesOf({ pairs }: InteropMesh, a: string, b: string): readonly [Node, Node] {
  const found = pairs.find((pair) => pair.a.version.label === a && pair.b.version.label === b);
  if (found === undefined) throw new Error(`no pair ${a} ${b}`);
  return [found.a, found.b];
}
