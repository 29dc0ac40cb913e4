// The contrast: A made by hand, as in the write-up that wgospf replaces: a table, and for each interface a rule by iif and
// one by its own address. The same for IPv6. The same probes, the same captures.
import type { Phase } from './record.ts';
import type { Stage } from './stage.ts';
import { addressesOf, nodes, type TunnelText } from './states.ts';

/** Normalised, because the kernel accepts no route with host bits set. */
const network = (address: string): string =>
  address.includes(':')
    ? address.replace(/([0-9a-f])\/127$/, (_, digit: string) => `${(parseInt(digit, 16) & 14).toString(16)}/127`)
    : address.replace(/(\d+)\/31$/, (_, octet: string) => `${Number(octet) & 254}/31`);

const bare = (address: string): string => address.replace(/\/.*/, '');

/** `auto wgX`: pre-up in the write-up's order. */
const tunnelUp = ({ name, port, addresses: [v4, v6], key, endpoint }: TunnelText): string => `
  ip link add ${name} type wireguard 2>/dev/null || wireguard-go ${name} 2>/dev/null
  wg set ${name} private-key /etc/wgospf/keys/${name}.key listen-port ${port} \
    peer ${key} endpoint '${endpoint}' persistent-keepalive 5 allowed-ips 0.0.0.0/0,::/0
  ip link set up mtu 1420 dev ${name}
  ip addr add ${v4} dev ${name}
  ip -6 addr add ${v6} dev ${name}
  ip route add ${network(v4)} dev ${name} table 2
  ip -6 route replace ${network(v6)} dev ${name} table 2
  for f in 4 6; do ip -$f rule add iif ${name} pref 1031 table 2; done
  ip rule add from ${bare(v4)} table 2 pref 1031
  ip -6 rule add from ${bare(v6)} table 2 pref 1031`;

/** `allow-hotplug eth1`: post-up. */
function localUp(): string {
  const { router, router6 } = addressesOf(nodes.A);
  return `
  ip addr add ${router}/24 dev eth1
  ip -6 addr add ${router6}/64 dev eth1 nodad
  ip route add ${router.replace(/\d+$/, '0')}/24 dev eth1 table 2
  ip -6 route add ${router6.replace(/1$/, '')}/64 dev eth1 table 2
  for f in 4 6; do ip -$f rule add iif eth1 pref 1021 table 2; done
  ip rule add from ${router} table 2 pref 1021
  ip -6 rule add from ${router6} table 2 pref 1021`;
}

const birdConf = (tunnels: readonly TunnelText[]): string => `
router id ${addressesOf(nodes.A).router};
protocol device { scan time 10; }
protocol direct { ipv4; ipv6; interface "eth1", "wg*"; }
${[4, 6]
  .map(
    (family) => `
protocol kernel kernel${family} {
  kernel table 2; scan time 10; persist; learn; metric 64;
  ipv${family} { import none; export filter { if source = RTS_STATIC then reject; accept; }; };
}
protocol ospf ${family === 4 ? 'v2' : 'v3'} mesh${family} {
  ipv${family} { import all; export none; };
  area 0 {
    interface "eth1" { stub; };
    ${tunnels.map(({ name, cost }) => `interface "${name}" { cost ${cost}; type ptp; hello 1; dead 4; };`).join('\n    ')}
  };
}`,
  )
  .join('')}
`;

/** A is as `down` has left it. */
export async function seedPhases(stage: Stage): Promise<readonly Phase[]> {
  const { A, mesh, record, converged } = stage;
  const tunnels = mesh.tunnels('A');
  await A.writeFile('/etc/bird/bird.conf', birdConf(tunnels));
  const up = await record.phase("seed's stanzas: ifup", async () => {
    await A.sh(`sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.conf.all.rp_filter=0
      for f in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 >$f; done
      ${localUp()}${tunnels.map(tunnelUp).join('')}
      ip -6 addr add fe80::a/64 dev wg222; ip -6 addr add fe80::a/64 dev wg333
      birdc configure`);
    stage.watchLocal('A', 'table');
  });
  const works = await record.phase("seed's stanzas: mesh works", () => converged(/^[LH]$/));
  const down = await record.phase("seed's stanzas: ifdown of a tunnel", () =>
    A.sh('ip link del wg222; for f in 4 6; do ip -$f rule del iif wg222 table 2; done'),
  );
  const killed = await record.phase("seed's stanzas: BIRD killed", () => A.sh('kill -9 $(pidof bird)'));
  return [up, works, down, killed];
}
