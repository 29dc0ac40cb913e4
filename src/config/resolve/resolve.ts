// Makes `Resolved` from `Said`: the only place that fills in defaults and looks up names. Works on a faulty file too, with the parts
// that could be read. Pure.
import { BIRD_HELLO, MAIN_INSTANCE } from '../../model/defaults.ts';
import type { HostEnv, OspfInterface } from '../../model/types.ts';
import { farAddress, type Prefix } from '../../net/ip.ts';
import { linkLocalOf } from '../../net/link-local.ts';
import { freeExamples } from '../free-example.ts';
import type { Path } from '../locate.ts';
import type { AuthenticationSaid, InstanceSaid, InterfaceSaid, OspfSaid, Said, TunnelSaid } from '../said.ts';
import { birdVersion } from './dialect.ts';
import { keyPath } from './key-file.ts';
import { resolveOspf, type SaidOfLink } from './ospf.ts';
import { passwordConstants } from './password-constants.ts';
import { addressOf, entriesOf, indexed } from './types.ts';
import type { Instance, InterfaceLink, Link, LinkOspf, OspfLink, OwnAddress, Resolved, TunnelLink } from './types.ts';

/** One or several values, each with its path. */
function each<T extends Prefix | string>(
  said: T | readonly (T | undefined)[] | undefined,
  path: Path,
): { value: T; path: Path }[] {
  if (said === undefined) return [];
  if (!Array.isArray(said)) return [{ value: said as T, path }];
  return (said as readonly (T | undefined)[]).flatMap((value, i) =>
    value === undefined ? [] : [{ value, path: [...path, i] }],
  );
}

const ownOf = (said: InterfaceSaid['address'], path: Path): OwnAddress[] =>
  each<Prefix>(said, [...path, 'address']).map(({ value, path: place }) => ({ prefix: value, path: place }));

const followingFrom = (addresses: readonly OwnAddress[]): string[] =>
  addresses.flatMap(({ prefix }) => farAddress(prefix) ?? []);

const isWhole = (said: object): boolean => Object.values(said).every((value) => value !== undefined);

type Bare<L extends Link> = L extends Link ? Omit<L, 'ospf'> : never;

/** Keeps the result for a link that depends only on its own text (said.ts keeps the value while the text stays the same). */
function remembered<S extends object, L extends { readonly name: string }>(
  make: (entry: [string, S]) => L,
): (entry: [string, S]) => L {
  const known = new WeakMap<S, L>();
  return (entry) => {
    const [name, said] = entry;
    const before = known.get(said);
    const link = before?.name === name ? before : make(entry);
    known.set(said, link);
    return link;
  };
}

const bareInterface = remembered(([name, said]: [string, InterfaceSaid]): Bare<InterfaceLink> => {
  const path = ['interfaces', name];
  const addresses = ownOf(said.address, path);
  const far = followingFrom(addresses);
  return { name, path, tunnel: false, dummy: said.kind === 'dummy', addresses, far, whole: isWhole(said), said };
});

const bareTunnel = remembered(([name, said]: [string, TunnelSaid]): Bare<TunnelLink> => {
  const path = ['tunnels', name];
  const addresses = ownOf(said.address, path);
  const peers = each<string>(said.peerAddress, [...path, 'peerAddress']).map(({ value, path: place }) => ({
    address: value,
    path: place,
  }));
  const far = [...peers.map(({ address }) => address), ...followingFrom(addresses)];
  const key = said.peer?.publicKey;
  const farLinkLocal = key === undefined ? undefined : linkLocalOf(key).address;
  return { name, path, tunnel: true, dummy: false, addresses, far, whole: isWhole(said), said, peers, farLinkLocal };
});

/** `ospf:` as in the file, {} if it is absent or could not be read. */
const wordsOf = ({ said }: Bare<Link>): OspfSaid | undefined => (said.ospf === false ? undefined : (said.ospf ?? {}));

/** By default, IPv6 is on if a link of the instance has an IPv6 address. */
function instancesOf({ bird }: Said, links: readonly Bare<Link>[]): Map<string, Instance> {
  const nameOf = (link: Bare<Link>): string | undefined => {
    const words = wordsOf(link);
    return words && (words.instance ?? MAIN_INSTANCE);
  };
  const withIpv6 = new Set(links.filter((link) => addressOf(link, 6) !== undefined).map(nameOf));
  const instance = (name: string, said: InstanceSaid, path: Path, known = true): [string, Instance] => {
    const { area = '0', ipv4 = 'v2', ipv6 = withIpv6.has(name) } = said;
    return [name, { name, path, said, known, area, ipv4, ipv6, v3: ipv6 || ipv4 === 'v3' }];
  };
  const found = new Map([
    instance(MAIN_INSTANCE, bird?.ospf ?? {}, ['bird', 'ospf']),
    ...entriesOf(bird?.instances).map(([name, said]) => instance(name, said, ['bird', 'instances', name])),
  ]);
  const unknown = links.flatMap((link) => nameOf(link) ?? []).filter((name) => !found.has(name));
  return new Map([...found, ...unknown.map((name) => instance(name, {}, ['bird', 'instances', name], false))]);
}

const passwordFiles = ({ passwordFile, keys }: AuthenticationSaid): string[] =>
  [passwordFile, ...(keys ?? []).map((key) => key?.passwordFile)].filter((file) => file !== undefined);

function prefixesOf(list: readonly (Prefix | undefined)[] | undefined): Prefix[] | undefined {
  const found = indexed(list).map(({ prefix }) => prefix);
  return found.length > 0 && found.length === list?.length ? found : undefined;
}

const knownOspf = new WeakMap<Bare<Link>, { readonly from: string; readonly model: OspfInterface }>();

/** Returns the same object for an unchanged link, if everything else on which it depends is unchanged too. */
function ospfOf(of: SaidOfLink & { readonly link: Bare<Link> }): OspfInterface {
  const { link, said, instance, folder, constants } = of;
  const passwords = passwordFiles(said.authentication ?? {}).map((file) => constants.get(keyPath(folder, file)));
  const from = JSON.stringify([instance.area, instance.v3, instance.said.tunnelPattern, folder, passwords]);
  const before = knownOspf.get(link);
  const model = before?.from === from ? before.model : resolveOspf(of);
  knownOspf.set(link, { from, model });
  return model;
}

/** @param raw the file's value before the schema read it */
export function resolve(said: Said, raw: unknown, env: HostEnv, folder: string): Resolved {
  const interfaces = entriesOf(said.interfaces).map(bareInterface);
  const tunnels = entriesOf(said.tunnels).map(bareTunnel);
  const bare = [...interfaces, ...tunnels];
  const instances = instancesOf(said, bare);
  const files = bare.flatMap((link) => passwordFiles(wordsOf(link)?.authentication ?? {}));
  const constants = passwordConstants(files.map((file) => keyPath(folder, file)));
  const ospf = (link: Bare<Link>): LinkOspf | undefined => {
    const words = wordsOf(link);
    const instance = instances.get(words?.instance ?? MAIN_INSTANCE);
    if (words === undefined || instance === undefined) return undefined;
    const model = ospfOf({ link, said: words, instance, folder, constants });
    return { path: [...link.path, 'ospf'], said: words, instance, model };
  };
  const all = {
    interfaces: interfaces.map((link): InterfaceLink => ({ ...link, ospf: ospf(link) })),
    tunnels: tunnels.map((link): TunnelLink => ({ ...link, ospf: ospf(link) })),
  };
  const links: Link[] = [...all.interfaces, ...all.tunnels];
  return {
    said,
    env,
    folder,
    prefixes: prefixesOf(said.mesh?.prefixes),
    links,
    tunnels: all.tunnels,
    ospfLinks: links.filter((link): link is OspfLink => link.ospf !== undefined),
    instances: [...instances.values()].filter(({ known }) => known),
    constants,
    birdVersion: birdVersion(said.bird?.version, env.bird),
    free: () => freeExamples(raw),
  };
}

/** The intervals after which a neighbour counts as down: hello and dead, seconds. */
export function timersOf({ model: { hello = BIRD_HELLO, dead } }: LinkOspf): { hello: number; dead: number } {
  return { hello, dead: dead ?? hello * 4 };
}
