// Three routers in a row, 111 - 222 - 333, each with a site of both families behind it. 111 and 222 are connected by both
// families, 222 and 333 by link-local addresses only, over an IPv6 underlay. The third router has no key yet.
import { makeLab, type Lab } from './make-lab.ts';
import type { Namespace } from './namespace.ts';
import type { Router } from './router.ts';
import { localAddresses } from './seed-mesh.ts';

export interface DualSite {
  readonly node: number;
  readonly router: Router;
  /** 10.69.N.50 and fd42:69:NNN::50, behind eth1 */
  readonly host: Namespace;
}

export interface DualStackMesh {
  readonly lab: Lab;
  readonly one: DualSite;
  readonly two: DualSite;
  readonly three: DualSite;
  /** public keys by the tunnel's end: one, twoToOne, twoToThree */
  readonly keys: { readonly one: string; readonly twoToOne: string; readonly twoToThree: string };
}

export const siteOf = (node: number): string => `fd42:69:${node}::`;
/** of the underlay; routers have 2001:db8::1 and so on */
export const SOMEBODY = '2001:db8::fe';

async function makeSite(lab: Lab, node: number): Promise<DualSite> {
  const router = await lab.router(`node${node}`);
  const local = localAddresses(node);
  const host = await lab.host(`host${node}`, router, {
    dev: 'eth1',
    address: `${local.host}/24`,
    gateway: local.router,
  });
  await host.sh(`ip addr add ${siteOf(node)}50/64 dev eth0 nodad; ip -6 route add default via ${siteOf(node)}1`);
  return { node, router, host };
}

export interface DualTunnel {
  /** as YAML; absent: link-local addresses only */
  readonly address?: string;
  readonly port: number;
  readonly key: string;
  readonly endpoint?: string;
}

function tunnelText([name, { address, port, key, endpoint }]: [string, DualTunnel]): string {
  return `
  ${name}:${address === undefined ? '' : `\n    address: ${address}`}
    listenPort: ${port}
    privateKeyFile: keys/${name}.key
    peer: {publicKey: ${key}, persistentKeepalive: 25${endpoint === undefined ? '' : `, endpoint: "${endpoint}"`}}
    ospf: {hello: 1, dead: 4}`;
}

/** @param ipv6 false: the same router without any IPv6 */
export function dualStackState(node: number, tunnels: Readonly<Record<string, DualTunnel>>, ipv6 = true): string {
  const { router } = localAddresses(node);
  return `version: 1
router: {node: ${node}}
mesh:
  table: {name: nycmesh, id: 2}
  prefixes: [10.69.0.0/16, 10.70.0.0/16${ipv6 ? ', "fd42::/16"' : ''}]
interfaces:
  eth1: {address: ${ipv6 ? `[${router}/24, "${siteOf(node)}1/64"]` : `${router}/24`}, ospf: {stub: true}}
tunnels:${Object.entries(tunnels).map(tunnelText).join('')}
`;
}

/** Needs root. Nothing is applied yet; BIRD runs as packaged. */
export async function makeDualStackMesh(): Promise<DualStackMesh> {
  const lab = await makeLab();
  const [one, two, three] = await Promise.all([makeSite(lab, 111), makeSite(lab, 222), makeSite(lab, 333)]);
  const keys = {
    one: await one.router.makeKey('keys/wg222.key'),
    twoToOne: await two.router.makeKey('keys/wg111.key'),
    twoToThree: await two.router.makeKey('keys/wg333.key'),
  };
  await Promise.all([one, two, three].map(({ router }) => router.startBird()));
  return { lab, one, two, three, keys };
}
