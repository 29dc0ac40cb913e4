// What nftables guards beside the rules, and the mark that rules match; docs/adr/0013. Pure.
import type { Desired } from '../../engine/types.ts';
import type { RouterModel } from '../../model/types.ts';
import { formatPrefix, type Family, type Prefix } from '../../net/ip.ts';
import { fnv1a } from '../../net/fnv1a.ts';
import { nestedPrefixes } from '../../net/overlap.ts';
import { MESH_MARK } from '../../net/names.ts';
import { meshLinks } from '../tags.ts';
import { MESH_SET, type ChainSpec, type NftablesSpec } from './spec.ts';

const FROM_MESH = `iifname @${MESH_SET}`;
const TO_MESH = `oifname @${MESH_SET}`;
const FROM_OTHERS = `iifname != @${MESH_SET}`;
const TO_OTHERS = `oifname != @${MESH_SET}`;

const FAMILIES = [
  [4, 'ip'],
  [6, 'ip6'],
] as const;

/** NF_IP_PRI_MANGLE and NF_IP_PRI_FILTER of linux/netfilter_ipv4.h */
const MANGLE = -150;
const FILTER = 0;

const chain = (hook: string, priority: number, rules: readonly string[]): ChainSpec => ({
  ...{ name: hook, hook, priority, policy: 'accept' },
  rules: rules.map((text) => ({ text, comment: `wgospf ${fnv1a(`${hook}: ${text}`)}` })),
});

/** If another program sets this mark on a packet of the underlay, the mark must not open the mesh to the packet. */
function marking(): string[] {
  const [value = '', mask = ''] = MESH_MARK.split('/');
  const rest = `0x${(~Number(mask) >>> 0).toString(16).padStart(8, '0')}`;
  return [
    `${FROM_MESH} meta mark set meta mark & ${rest} | ${value}`,
    `${FROM_OTHERS} meta mark & ${mask} == ${value} meta mark set meta mark & ${rest}`,
  ];
}

/** nft refuses prefixes that overlap in one set. */
function setOf(prefixes: readonly Prefix[], family: Family): string | undefined {
  const inner = new Set(nestedPrefixes(prefixes).map(([, index]) => index));
  const list = prefixes.filter((prefix, i) => prefix.family === family && !inner.has(i)).map(formatPrefix);
  return list.length === 0 ? undefined : `{ ${list.join(', ')} }`;
}

/**
 * What may cross: the underlay opens connections to a transit network, and the mesh opens them through an exit; only answers go the
 * other way. The outer side has no mesh address: a packet from there with such a source is forged.
 * @param answers the match for answers; '' if everything that rules let pass may pass, so that no connection is tracked
 */
function crossing(model: RouterModel, answers: string): string[] {
  const [out, back] = model.mesh.exit ? ['', answers] : [answers, ''];
  return FAMILIES.flatMap(([family, word]) => {
    const networks = setOf(model.mesh.transit, family);
    const own = setOf(model.mesh.prefixes, family);
    if (networks === undefined || own === undefined) return [];
    return [
      `${FROM_MESH} ${TO_OTHERS} ${word} saddr ${networks} ${word} daddr != ${own} ${out}accept`,
      `${FROM_OTHERS} ${TO_MESH} ${word} saddr != ${own} ${word} daddr ${networks} ${back}accept`,
    ];
  });
}

/**
 * Refuses only what the rules refuse too: packets from the mesh to anywhere else, and packets from elsewhere to a network of the mesh.
 * A mesh interface may also have other networks of its operator, to which main leads from anywhere.
 */
function secondGuard(model: RouterModel): string[] {
  const own = FAMILIES.flatMap(([family, word]) => {
    const networks = setOf(model.mesh.prefixes, family);
    return networks === undefined ? [] : [`${FROM_OTHERS} ${TO_MESH} ${word} daddr ${networks} counter drop`];
  });
  return [...crossing(model, ''), `${FROM_MESH} ${TO_OTHERS} counter drop`, ...own];
}

function forwarding(model: RouterModel): string[] {
  // the path over a tunnel has a smaller MTU than its ends know, and not every network lets ICMP tell them
  const clamp = 'tcp flags syn tcp option maxseg size set rt mtu';
  return [
    `${FROM_MESH} ${clamp}`,
    `${TO_MESH} ${clamp}`,
    ...crossing(model, 'ct state established,related '),
    `${FROM_MESH} ${TO_OTHERS} counter drop`,
    `${FROM_OTHERS} ${TO_MESH} counter drop`,
  ];
}

/** Drops what belongs only to the mesh, and what must not come in by the mesh; everything else is left to other firewalls. */
function input({ tunnels }: RouterModel): string[] {
  const ports = tunnels.map(({ listenPort }) => listenPort).toSorted((a, b) => a - b);
  return [
    'iifname "lo" accept',
    `${FROM_OTHERS} meta l4proto 89 counter drop`,
    // BFD: one hop, echo, many hops (RFC 5881, RFC 5883)
    `${FROM_OTHERS} udp dport { 3784, 3785, 4784 } counter drop`,
    // a tunnel inside the mesh would carry its own packets
    ...(ports.length === 0 ? [] : [`${FROM_MESH} udp dport { ${ports.join(', ')} } counter drop`]),
  ];
}

/** A namespace has no path to the underlay, and a mesh in main is not kept apart: there, a second guard has nothing to do. */
function guards(model: RouterModel): ChainSpec[] {
  const { firewall, isolation, main } = model.mesh;
  switch (firewall) {
    case 'nftables':
      return [chain('input', FILTER, input(model)), chain('forward', FILTER, forwarding(model))];
    case 'auto':
      return main || isolation === 'netns' ? [] : [chain('forward', FILTER, secondGuard(model))];
    case 'none':
      return [];
  }
}

/** The same chain for every mesh. */
export const MARKING: ChainSpec = chain('prerouting', MANGLE, marking());

export function desiredNftables(model: RouterModel): Desired<NftablesSpec>[] {
  const { isolation, match, firewall, table, source } = model.mesh;
  const marks = match === 'mark';
  const chains = [...(marks ? [MARKING] : []), ...guards(model)];
  if (chains.length === 0) return [];
  // a packet that a slave received is forwarded as received by its VRF device (vrf_l3_rcv, drivers/net/vrf.c)
  const names = [...meshLinks(model).map(({ name }) => name), ...(isolation === 'vrf' ? [table.name] : [])];
  const barred = model.env.foreignLinks ?? [];
  const interfaces = names.filter((name) => !barred.includes(name)).toSorted();
  return [{ spec: { interfaces, barred, optional: firewall === 'auto' && !marks, chains, extra: '' }, source }];
}
