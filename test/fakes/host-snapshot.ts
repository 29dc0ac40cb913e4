// The fake host as sorted lines, all of it or only the foreign part. Keys are shown as digests.
import { LINK_MARK, WGOSPF_PROTOCOL } from '../../src/net/names.ts';
import { formatPrefix } from '../../src/net/ip.ts';
import { nftTexts } from './fake-nft.ts';
import { digestOfKey } from './fake-files.ts';
import { ruleText } from './fake-rules.ts';
import type { FakeAddress, FakeLink, FakeState, FakeWgDevice } from './fake-state.ts';
import type { RouteInfo, RuleInfo } from '../../src/host/types.ts';

/** RTPROT_KERNEL */
const KERNEL = 2;
/** the switches that routing needs, and our own files: wgospf may change them */
const ourSysctl = /\.forwarding$|ip_forward$|\.accept_ra$|conf\.all\.rp_filter$|_l3mdev_accept$/;
const ourFile = /^\/(etc\/(wgospf|bird)\/|run\/wgospf\/|var\/lib\/wgospf\/|etc\/iproute2\/rt_\w+\.d\/wgospf)/;

const linkText = (l: FakeLink): string =>
  `link ${l.name} kind ${l.kind} ${l.up ? 'up' : 'down'} mtu ${l.mtu} alias "${l.alias}"${l.master === '' ? '' : ` master ${l.master}`}${l.table === undefined ? '' : ` table ${l.table}`}`;
const addressText = (a: FakeAddress): string =>
  `address ${a.dev} ${formatPrefix(a.prefix)}${a.peer === undefined ? '' : ` peer ${a.peer}`} proto ${a.protocol}`;
/** `dev wg1 via 10.0.0.1`, for each of several next hops */
const goesBy = (r: RouteInfo): string =>
  (r.hops ?? [r]).map(({ dev, via }) => `dev ${dev} via ${via ?? '-'}`).join(' ');
const routeText = (r: RouteInfo): string =>
  `route table ${r.table} ${r.type} ${formatPrefix(r.dst)} ${goesBy(r)} metric ${r.metric} proto ${r.protocol}`;

function wgText(name: string, d: FakeWgDevice): string {
  const peers = [...d.peers.values()].map(
    (p) =>
      ` peer ${p.publicKey} psk ${p.presharedKeyDigest.slice(0, 8)} endpoint ${p.endpoint} keepalive ${p.persistentKeepalive}` +
      ` allowed ${p.allowedIPs.map(formatPrefix).toSorted().join(',')}`,
  );
  return `wg ${name} key ${d.publicKey} port ${d.listenPort} fwmark ${d.fwmark}${peers.toSorted().join('')}`;
}

function fileText(
  path: string,
  { text, stat }: { text: string; stat: { mode: number; uid: number; gid: number } },
): string {
  const shown = /\.(key|psk)$/.test(path) ? digestOfKey(text).slice(0, 12) : JSON.stringify(text);
  return `file ${path} ${stat.mode.toString(8)} ${stat.uid}:${stat.gid} ${shown}`;
}

/** The parts that each network namespace has separately. */
function networkLines(state: FakeState): string[] {
  return [
    ...[...state.links.values()].map(linkText),
    ...state.addresses.map(addressText),
    ...state.routes.map(routeText),
    ...state.rules.map((r) => `rule ${ruleText(r)}`),
    ...[...state.sysctls].map(([name, value]) => `sysctl ${name}=${value}`),
    ...[...state.wg].map(([name, device]) => wgText(name, device)),
    ...[...state.userspace].map((name) => `wireguard-go ${name}`),
    ...nftTexts(state).map(([, text]) => text),
  ];
}

/** Of the named namespaces: a line for each, and its lines with its name in front. */
function insideLines(namespaces: FakeState['namespaces'], lines: (inside: FakeState) => string[]): string[] {
  return [...namespaces].flatMap(([name, inside]) => [
    `netns ${name}`,
    ...lines(inside).map((line) => `netns ${name}: ${line}`),
  ]);
}

/** The kernel's own rule, which comes with the first VRF device and stays until the next boot. */
const isVrfRule = ({ l3mdev, protocol }: RuleInfo): boolean => l3mdev === true && protocol === KERNEL;

export function snapshot(state: FakeState): string[] {
  return [
    ...networkLines(state),
    ...insideLines(state.namespaces, networkLines),
    ...[...state.files].map(([path, file]) => fileText(path, file)),
    ...[...state.notes].map(([key, value]) => `note ${key}=${value}`),
    ...[...state.innerBirds].map(([socket, { loaded }]) => `bird ${socket} ${loaded}`),
    ...[...state.bird.protocols].filter(([, on]) => !on).map(([name]) => `bird protocol ${name} disabled`),
    `bird ${state.bird.running ? 'running' : 'stopped'} generation ${state.bird.generation ?? '-'}`,
  ].toSorted();
}

const isOurs = (link: FakeLink): boolean => link.alias === LINK_MARK || link.alias.startsWith(`${LINK_MARK} `);

/**
 * Everything that is neither ours by mark nor the kernel's consequence of ours. `borrowed` names local interfaces that the
 * state file configures: their addresses and foreign rules count as foreign, their up, MTU and rp_filter do not.
 */
export function foreignSnapshot(state: FakeState, borrowed: readonly string[]): string[] {
  return [
    ...foreignLines(state, borrowed),
    ...insideLines(foreignNamespaces(state), (inside) => foreignLines(inside, borrowed)),
    ...[...state.files].filter(([path]) => !ourFile.test(path)).map(([path, file]) => fileText(path, file)),
  ].toSorted();
}

const foreignNamespaces = (state: FakeState): FakeState['namespaces'] =>
  new Map([...state.namespaces].filter(([name]) => state.notes.get(`netns:${name}`) !== 'made'));

function foreignLines(state: FakeState, borrowed: readonly string[]): string[] {
  const ours = new Set([...state.links.values()].filter(isOurs).map((l) => l.name));
  const followsUs = (dev: string, fromKernel: boolean): boolean =>
    ours.has(dev) || (fromKernel && borrowed.includes(dev));
  const sysctlLink = (name: string): string =>
    (/(?:\.conf\.|\/class\/net\/)(.+)[./]\w+$/.exec(name)?.[1] ?? '').replaceAll('/', '.');
  return [
    ...[...state.links.values()]
      .filter((l) => !ours.has(l.name))
      .map((l) => (borrowed.includes(l.name) ? `link ${l.index} ${l.name}` : `${l.index} ${linkText(l)}`)),
    // IFAPROT_KERNEL_LL: addresses that the kernel itself gave the link
    ...state.addresses
      .filter((a) => a.protocol !== WGOSPF_PROTOCOL && !followsUs(a.dev, a.protocol === 3))
      .map(addressText),
    ...state.routes
      .filter((r) => r.protocol !== WGOSPF_PROTOCOL && !followsUs(r.hops?.[0]?.dev ?? r.dev, r.protocol === KERNEL))
      .map(routeText),
    ...state.rules.filter((r) => r.protocol !== WGOSPF_PROTOCOL && !isVrfRule(r)).map((r) => `rule ${ruleText(r)}`),
    ...[...state.sysctls]
      .filter(([n]) => !ourSysctl.test(n) && !ours.has(sysctlLink(n)) && !borrowed.includes(sysctlLink(n)))
      .map(([name, value]) => `sysctl ${name}=${value}`),
    ...[...state.wg].filter(([name]) => !ours.has(name)).map(([name, device]) => wgText(name, device)),
    ...nftTexts(state).flatMap(([name, text]) => (name === 'inet wgospf' ? [] : [text])),
  ];
}
