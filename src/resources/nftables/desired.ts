// What nftables guards beside the rules, and the mark that rules look for; docs/adr/0013. Pure.
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

/** Whoever else sets this mark on a packet of the underlay must not open the mesh to it. */
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
 * What may cross: a transit network is opened by the underlay, an exit by the mesh; answers alone go the other way. No address
 * of the mesh is on the far side: what comes in from there under one is forged.
 * @param answers what tells them; '' where all passes that rules let pass, and no connection is tracked for it
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
 * What rules refuse where they stand, and no more: from the mesh to anywhere else, and to a network of the mesh from elsewhere. An
 * interface of the mesh may have other networks of its operator's, to which main leads from anywhere.
 */
function secondGuard(model: RouterModel): string[] {
  const own = FAMILIES.flatMap(([family, word]) => {
    const networks = setOf(model.mesh.prefixes, family);
    return networks === undefined ? [] : [`${FROM_OTHERS} ${TO_MESH} ${word} daddr ${networks} counter drop`];
  });
  return [...crossing(model, ''), `${FROM_MESH} ${TO_OTHERS} counter drop`, ...own];
}

function forwarding(model: RouterModel): string[] {
  // a path over a tunnel is narrower than what the ends know of, and not every network lets them be told
  const clamp = 'tcp flags syn tcp option maxseg size set rt mtu';
  return [
    `${FROM_MESH} ${clamp}`,
    `${TO_MESH} ${clamp}`,
    ...crossing(model, 'ct state established,related '),
    `${FROM_MESH} ${TO_OTHERS} counter drop`,
    `${FROM_OTHERS} ${TO_MESH} counter drop`,
  ];
}

/** What belongs to the mesh alone, and what must not come by it; all else is another firewall's business. */
function input({ tunnels }: RouterModel): string[] {
  const ports = tunnels.map(({ listenPort }) => listenPort).toSorted((a, b) => a - b);
  return [
    'iifname "lo" accept',
    `${FROM_OTHERS} meta l4proto 89 counter drop`,
    // BFD: one hop, echo, many hops (RFC 5881, RFC 5883)
    `${FROM_OTHERS} udp dport { 3784, 3785, 4784 } counter drop`,
    // a tunnel inside the mesh would carry itself
    ...(ports.length === 0 ? [] : [`${FROM_MESH} udp dport { ${ports.join(', ')} } counter drop`]),
  ];
}

/** A namespace has no way to the underlay, and a mesh in main nothing to be kept from: a second guard has nothing to do there. */
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

/** The same for every mesh. */
export const MARKING: ChainSpec = chain('prerouting', MANGLE, marking());

export function desiredNftables(model: RouterModel): Desired<NftablesSpec>[] {
  const { isolation, match, firewall, table, source } = model.mesh;
  const marks = match === 'mark';
  const chains = [...(marks ? [MARKING] : []), ...guards(model)];
  if (chains.length === 0) return [];
  // what a slave received is forwarded as received by its VRF device (vrf_l3_rcv, drivers/net/vrf.c)
  const names = [...meshLinks(model).map(({ name }) => name), ...(isolation === 'vrf' ? [table.name] : [])];
  const barred = model.env.foreignLinks ?? [];
  const interfaces = names.filter((name) => !barred.includes(name)).toSorted();
  return [{ spec: { interfaces, barred, optional: firewall === 'auto' && !marks, chains, extra: '' }, source }];
}
