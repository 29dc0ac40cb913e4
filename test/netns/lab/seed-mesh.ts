// The seed's mesh: nodes 111 and 222 connected by 10.70.89.0/31, and node 333 beyond 222 by 10.70.89.2/31, each with a local
// network and a machine in it. Nothing is applied yet: keys are made, state files are written, BIRD runs as packaged.
import { makeLab, type Lab } from './make-lab.ts';
import type { Namespace } from './namespace.ts';
import type { Router } from './router.ts';
import { stateText, type TunnelText } from './state-text.ts';

export interface Site {
  readonly node: 111 | 222 | 333;
  readonly router: Router;
  /** 10.69.N.50, behind eth1 */
  readonly host: Namespace;
  /** the state file with these of its tunnels */
  readonly state: (...tunnels: string[]) => string;
}

export interface SeedMesh {
  readonly lab: Lab;
  readonly side1: Site;
  readonly side2: Site;
  readonly third: Site;
  /** every private and preshared key; no output may contain one */
  readonly secrets: readonly string[];
}

/** The local network of a node: 111 -> 10.69.1.0/24, its router 10.69.1.11, which is its router id, its machine 10.69.1.50. */
export const localAddresses = (node: number): { network: string; router: string; host: string } => {
  const high = Math.floor(node / 100);
  const net = `10.69.${high}`;
  return { network: `${net}.0/24`, router: `${net}.${node % 100}`, host: `${net}.50` };
};

async function makeSite(lab: Lab, node: Site['node']): Promise<Omit<Site, 'state'>> {
  const router = await lab.router(`node${node}`);
  const local = localAddresses(node);
  const host = await lab.host(`host${node}`, router, {
    dev: 'eth1',
    address: `${local.host}/24`,
    gateway: local.router,
  });
  return { node, router, host };
}

const withState = (site: Omit<Site, 'state'>, tunnels: Record<string, TunnelText>): Site => {
  const local = localAddresses(site.node);
  const state: Site['state'] = (...names) => {
    const chosen = Object.fromEntries(Object.entries(tunnels).filter(([name]) => names.includes(name)));
    return stateText({ node: site.node, eth1: `${local.router}/24`, tunnels: chosen });
  };
  return { ...site, state };
};

/** Needs root. Both ends of 111-222 share a preshared key. */
export async function makeSeedMesh(): Promise<SeedMesh> {
  const lab = await makeLab();
  const sites = await Promise.all([makeSite(lab, 111), makeSite(lab, 222), makeSite(lab, 333)]);
  const [one, two, three] = sites;
  const hosts = sites.map(({ node, router }) => `${router.underlay} vpn${node}.example.net\n`).join('');
  for (const { router } of sites) await router.writeFile('/etc/hosts', `127.0.0.1 localhost\n${hosts}`);

  const [key1, key2to1, key2to3, key3] = await Promise.all([
    one.router.makeKey('keys/wg222.key'),
    two.router.makeKey('keys/wg111.key'),
    two.router.makeKey('keys/wg333.key'),
    three.router.makeKey('keys/wg222.key'),
  ]);
  const psk = (await one.router.sh('wg genpsk')).trim();
  await one.router.writeFile('/etc/wgospf/keys/wg222.psk', `${psk}\n`, 0o600);
  await two.router.writeFile('/etc/wgospf/keys/wg111.psk', `${psk}\n`, 0o600);

  const side1 = withState(one, {
    wg222: { address: '10.70.89.0/31', port: 51825, key: key2to1, endpoint: 'vpn222.example.net:51825', psk: true },
  });
  const side2 = withState(two, {
    wg111: { address: '10.70.89.1/31', port: 51825, key: key1, psk: true },
    wg333: { address: '10.70.89.2/31', port: 51826, key: key3 },
  });
  const third = withState(three, {
    wg222: { address: '10.70.89.3/31', port: 51826, key: key2to3, endpoint: 'vpn222.example.net:51826' },
  });

  const keyFiles = sites.map(({ router }) => router.sh('cat /etc/wgospf/keys/*'));
  const secrets = [...new Set((await Promise.all(keyFiles)).join('').trim().split('\n'))];
  await Promise.all(sites.map(({ router }) => router.startBird()));
  // output of the test itself is not a leak of the program
  lab.forget();
  return { lab, side1, side2, third, secrets };
}
