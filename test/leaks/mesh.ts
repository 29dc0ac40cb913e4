// The mesh of the proof: four routers on one underlay, host L behind A and host H behind D, and somebody on the internet who
// sends what is for the mesh to A, and what is for H's network to D.
import { makeLab, type Lab } from '../netns/lab/make-lab.ts';
import type { Namespace } from '../netns/lab/namespace.ts';
import type { Router } from '../netns/lab/router.ts';
import {
  addressesOf,
  cables,
  nodes,
  stateText,
  tunnelName,
  type Mode,
  type RouterName,
  type StateText,
  type TunnelText,
} from './states.ts';

/** What a change of the state file changes; of one tunnel by its name. */
export interface StateOptions extends Partial<Pick<StateText, 'mode' | 'eth1'>> {
  /** with the tunnel A - D */
  readonly fifth?: boolean;
  readonly tunnel?: readonly [name: string, Partial<TunnelText>];
}

export interface ProofMesh {
  readonly lab: Lab;
  readonly routers: Readonly<Record<RouterName, Router>>;
  readonly L: Namespace;
  readonly H: Namespace;
  /** the text of a router's state file */
  readonly state: (name: RouterName, options?: StateOptions) => string;
  /** its tunnels, for tests that make them by hand */
  readonly tunnels: (name: RouterName, fifth?: boolean) => readonly TunnelText[];
}

const names = Object.keys(nodes) as RouterName[];
const keyFile = (far: RouterName): string => `keys/${tunnelName(far)}.key`;

/** Public keys by `AB`: A's for its tunnel to B. */
async function makeKeys(routers: ProofMesh['routers']): Promise<ReadonlyMap<string, string>> {
  const ends = cables.flatMap(({ ends: [a, b] }) => [[a, b] as const, [b, a] as const]);
  const made = ends.map(async ([a, b]) => [a + b, await routers[a].makeKey(keyFile(b))] as const);
  return new Map(await Promise.all(made));
}

function tunnelsOf(name: RouterName, routers: ProofMesh['routers'], keys: ReadonlyMap<string, string>): TunnelText[] {
  return cables.flatMap(({ ends, costs }, n) => {
    const own = ends.indexOf(name);
    const far = ends[1 - own];
    if (own < 0 || far === undefined) return [];
    const port = 51800 + n;
    const host = 2 * n + own;
    // every other cable over IPv6
    const number = names.indexOf(far) + 1;
    const endpoint = n % 2 === 0 ? routers[far].underlay : `[2001:db8::${number}]`;
    return {
      name: tunnelName(far),
      port,
      addresses: [`10.70.0.${host}/31`, `fd42:70::${host.toString(16)}/127`],
      cost: costs[own] ?? 0,
      mtu: 1420,
      key: keys.get(far + name) ?? '',
      endpoint: `${endpoint}:${port}`,
    };
  });
}

/** ICMP errors without the kernel's limit of one a second: each refusal can be counted. */
const TALKATIVE = 'sysctl -qw net.ipv4.icmp_ratemask=0 net.ipv6.icmp.ratelimit=0';

/** As dpkg leaves bird.conf, by ucf(1): nobody has edited it, so it yields. */
const PACKAGED =
  'mkdir -p /var/lib/ucf; echo "$(md5sum </etc/bird/bird.conf | cut -c1-32)  /etc/bird/bird.conf" >/var/lib/ucf/hashfile';

/** Of a host: the internet sends what is for it to A, wherever the host is. */
export const second = (node: number): string => addressesOf(node).host.replace(/50$/, '51');

async function makeHost(lab: Lab, name: string, router: Router, node: number): Promise<Namespace> {
  const { host, host6, router: gateway, router6 } = addressesOf(node);
  const made = await lab.host(name, router, { dev: 'eth1', address: `${host}/24`, gateway });
  const mac = (await router.sh('cat /sys/class/net/eth1/address')).trim();
  // It knows its router's MAC address permanently: its packets need nothing from the router, not even an address on eth1.
  await made.sh(`
    ip addr add ${host6}/64 dev eth0 nodad
    ip addr add ${second(node)}/24 dev eth0
    ip -6 route add default via ${router6}
    ip neigh add ${gateway} lladdr ${mac} nud permanent dev eth0
    ip -6 neigh add ${router6} lladdr ${mac} nud permanent dev eth0`);
  return made;
}

/** The internet sends mesh addresses to A, and those of D's local network to D: as a neighbour on the uplink can. */
async function aimInternet(lab: Lab, routers: ProofMesh['routers']): Promise<void> {
  const { host, host6 } = addressesOf(nodes.D);
  const { A, D } = routers;
  await lab.underlay.sh(`
    ip addr add 2001:db8:ffff::1/128 dev lo
    for net in 10.69.0.0/16 10.70.0.0/16; do ip route add $net via ${A.underlay}; done
    ip route add ${host} via ${D.underlay}
    ip -6 route add fd42::/16 via 2001:db8::1
    ip -6 route add ${host6} via 2001:db8::4`);
}

/** Needs root. Keys are made, nothing is applied; BIRD runs as packaged, except on D. `rpFilter`: the earlier value of each host. */
export async function makeProofMesh(mode: Mode, rpFilter: Readonly<Record<RouterName, number>>): Promise<ProofMesh> {
  const lab = await makeLab();
  const routers: Partial<Record<RouterName, Router>> = {};
  for (const name of names) routers[name] = await lab.router(`node${nodes[name]}`);
  const all = routers as ProofMesh['routers'];
  const L = await makeHost(lab, 'L', all.A, nodes.A);
  const H = await makeHost(lab, 'H', all.D, nodes.D);
  for (const name of names) {
    const value = rpFilter[name];
    await all[name].sh(`${TALKATIVE}; ${PACKAGED}
      for f in /proc/sys/net/ipv4/conf/*/rp_filter; do echo ${value} >$f; done`);
  }
  await aimInternet(lab, all);
  const keys = await makeKeys(all);
  // D has not booted yet
  await Promise.all([all.A, all.B, all.C].map((router) => router.startBird()));
  const tunnels: ProofMesh['tunnels'] = (name, fifth = false) =>
    tunnelsOf(name, all, keys).filter(({ port }) => fifth || port < 51804);
  return {
    ...{ lab, routers: all, L, H, tunnels },
    state: (name, { fifth = name !== 'A', tunnel, ...options } = {}) =>
      stateText({
        node: nodes[name],
        mode,
        eth1: name === 'A' || name === 'D',
        tunnels: tunnels(name, fifth).map((text) => (text.name === tunnel?.[0] ? { ...text, ...tunnel[1] } : text)),
        ...options,
      }),
  };
}
