// A router with FRR's ospfd (Debian's package, not installed) instead of BIRD, configured by hand: a far end without wgospf.
import { debianPackage, usePackage } from './debian-package.ts';
import type { Lab } from './make-lab.ts';
import type { Router } from './router.ts';

export interface FrrTunnel {
  readonly name: string;
  /** its own address, with length */
  readonly address: string;
  readonly port: number;
  /** public key and `ADDRESS:PORT` of the far end */
  readonly key: string;
  readonly endpoint: string;
}

const interfaceText = ({ name }: FrrTunnel): string => `
interface ${name}
 ip ospf network point-to-point
 ip ospf area 0
 ip ospf cost 10
 ip ospf hello-interval 1
 ip ospf dead-interval 4
`;

const ospfdConf = (address: string, tunnels: readonly FrrTunnel[]): string => `
interface lan
 ip ospf area 0
 ip ospf passive
${tunnels.map(interfaceText).join('')}
router ospf
 ospf router-id ${address}
`;

/** A router with key `keys/NAME.key`; `startFrr` does the rest. */
export async function makeFrr(lab: Lab): Promise<{ router: Router; version: string }> {
  const router = await lab.router('frr');
  const found = await debianPackage('bookworm', 'frr');
  await usePackage(router, found);
  return { router, version: found.version };
}

/** Makes tunnels with the key of `keys/frr.key`, `lan` with the address (a /24), and OSPF over all of them. */
export async function startFrr(router: Router, address: string, tunnels: readonly FrrTunnel[]): Promise<void> {
  await router.sh(`
    sysctl -qw net.ipv4.ip_forward=1
    ip link add lan type bridge; ip addr add ${address}/24 dev lan; ip link set lan up`);
  for (const { name, address: own, port, key, endpoint } of tunnels) {
    await router.sh(`
      wireguard-go ${name} >/dev/null 2>&1
      wg set ${name} listen-port ${port} private-key /etc/wgospf/keys/frr.key \
        peer ${key} endpoint ${endpoint} allowed-ips 0.0.0.0/0
      ip link set ${name} mtu 1420 up; ip addr add ${own} dev ${name}`);
  }
  await router.writeFile('/etc/frr/zebra.conf', '');
  await router.writeFile('/etc/frr/ospfd.conf', ospfdConf(address, tunnels));
  // the users that the package would make; /etc is this namespace's own
  await router.sh(`
    groupadd -r frr; groupadd -r frrvty; useradd -r -g frr -G frrvty -d /run/frr -M frr
    install -d -o frr -g frr -m 755 /run/frr; chown -R frr:frr /etc/frr
    zebra -d -f /etc/frr/zebra.conf; ospfd -d -f /etc/frr/ospfd.conf`);
}
