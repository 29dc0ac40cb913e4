// What somebody else can do to a router with the tunnel wg222 and the local interface eth1, and which object it is done to.

export interface Damage {
  readonly name: string;
  /** as root types it */
  readonly command: string;
  /** the object as the journal names it */
  readonly object: string;
  /** exits with 0 while the object is as it shall be */
  readonly whole: string;
}

const RULE = 'priority 1031 iif wg222 lookup 2 protocol 87';
const GUARD = 'priority 1099 iif wg222 unreachable protocol 87';

/** The kernel tells of each of them. */
export const kernelDamages: readonly Damage[] = [
  {
    name: 'link deleted',
    command: 'ip link del wg222',
    object: 'link:wg222',
    whole: 'ip -o link show up wg222 | grep -q wg222 && ip route show table 2 dev wg222 | grep -q 10.70.89.0/31',
  },
  {
    name: 'up flag',
    command: 'ip link set wg222 down',
    object: 'link:wg222',
    whole: 'ip -o link show up wg222 | grep -q wg222 && ip route show table 2 dev wg222 | grep -q 10.70.89.0/31',
  },
  {
    name: 'MTU',
    command: 'ip link set wg222 mtu 1280',
    object: 'link:wg222',
    whole: 'ip -o link show wg222 | grep -q "mtu 1420"',
  },
  {
    name: 'address',
    command: 'ip address del 10.70.89.0/31 dev wg222',
    object: 'address:wg222 10.70.89.0/31',
    whole: 'ip -o address show dev wg222 | grep -q 10.70.89.0/31',
  },
  {
    name: 'address of eth1',
    command: 'ip address flush dev eth1',
    object: 'address:eth1 10.69.1.11/24',
    whole: 'ip -o address show dev eth1 | grep -q 10.69.1.11/24',
  },
  {
    name: 'route',
    command: 'ip route del 10.70.89.0/31 dev wg222 table 2',
    object: 'route:2 10.70.89.0/31 metric 0',
    whole: 'ip route show table 2 dev wg222 | grep -q 10.70.89.0/31',
  },
  {
    name: 'guard default',
    command: 'ip route del unreachable default table 2 metric 4294967295',
    object: 'route:2 0.0.0.0/0 metric 4294967295',
    whole: 'ip route show table 2 | grep -q "unreachable default"',
  },
  {
    name: 'lookup rule',
    command: `ip rule del ${RULE}`,
    object: `rule:inet ${RULE}`,
    whole: 'ip rule show priority 1031 | grep -q wg222',
  },
  {
    name: 'guard rule',
    command: `ip rule del ${GUARD}`,
    object: `rule:inet ${GUARD}`,
    whole: 'ip rule show priority 1099 | grep -q wg222',
  },
  {
    name: 'forwarding',
    command: 'sysctl -qw net.ipv4.ip_forward=0',
    object: 'sysctl:net.ipv4.ip_forward',
    whole: 'test "$(cat /proc/sys/net/ipv4/ip_forward)" = 1',
  },
  {
    name: 'rp_filter',
    command: 'sysctl -qw net.ipv4.conf.wg222.rp_filter=1',
    object: 'sysctl:net.ipv4.conf.wg222.rp_filter',
    whole: 'test "$(cat /proc/sys/net/ipv4/conf/wg222/rp_filter)" = 2',
  },
];

/** Nobody tells of these: they are found by looking. */
export const wireguardDamages: readonly Damage[] = [
  {
    name: 'peer',
    command: 'wg set wg222 peer "$(wg show wg222 peers)" remove',
    object: 'wireguard:wg222',
    whole: 'test -n "$(wg show wg222 peers)"',
  },
  {
    name: 'key',
    command: 'wg genkey | wg set wg222 private-key /dev/stdin',
    object: 'wireguard:wg222',
    whole: 'test "$(wg show wg222 public-key)" = "$(wg pubkey </etc/wgospf/keys/wg222.key)"',
  },
  {
    name: 'port',
    command: 'wg set wg222 listen-port 51999',
    object: 'wireguard:wg222',
    whole: 'test "$(wg show wg222 listen-port)" = 51825',
  },
];
