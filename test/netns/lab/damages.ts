// Damages that somebody else can do to a router, each with the damaged object.

export interface Damage {
  readonly name: string;
  /** the command that root types */
  readonly command: string;
  /** the object's name in the journal */
  readonly object: string;
  /** exits with 0 while the object is as desired */
  readonly intact: string;
}

/** A damage that the kernel reports, with the lines of `ip -o monitor link address route rule netconf`. */
export interface ReportedDamage extends Damage {
  readonly gone: RegExp;
  readonly back: RegExp;
}

export interface DamagedTunnel {
  readonly name: string;
  /** its /31, also its own address */
  readonly network: string;
}

export function tunnelDamages({ name: dev, network }: DamagedTunnel): ReportedDamage[] {
  const isUp = `ip -o link show up dev ${dev} | grep >/dev/null ${dev} && ip route show table 2 dev ${dev} | grep >/dev/null ${network}`;
  const lookup = `priority 1031 iif ${dev} lookup 2 protocol 87`;
  const guard = `priority 1099 iif ${dev} unreachable protocol 87`;
  const link = (rest: string): RegExp => new RegExp(`^\\d+: ${dev}: ${rest}`);
  const both = (line: string): Pick<ReportedDamage, 'gone' | 'back'> => ({
    gone: new RegExp(`^Deleted ${line}`),
    back: new RegExp(`^${line}`),
  });
  return [
    {
      ...{ name: 'link deleted', command: `ip link del ${dev}`, object: `link:${dev}`, intact: isUp },
      gone: new RegExp(`^Deleted \\d+: ${dev}: `),
      back: link('<[^>]*\\bUP\\b'),
    },
    {
      ...{ name: 'up flag', command: `ip link set ${dev} down`, object: `link:${dev}`, intact: isUp },
      gone: link('<(?![^>]*\\bUP\\b)'),
      back: link('<[^>]*\\bUP\\b'),
    },
    {
      ...{ name: 'MTU', command: `ip link set ${dev} mtu 1280`, object: `link:${dev}` },
      intact: `ip -o link show dev ${dev} | grep >/dev/null "mtu 1420"`,
      gone: link('.* mtu 1280 '),
      back: link('.* mtu 1420 '),
    },
    {
      ...{ name: 'address', command: `ip address del ${network} dev ${dev}`, object: `address:${dev} ${network}` },
      intact: `ip -o address show dev ${dev} | grep >/dev/null ${network}`,
      ...both(`\\d+: ${dev} +inet ${network} `),
    },
    {
      ...{ name: 'route', command: `ip route del ${network} dev ${dev} table 2` },
      object: `route:2 ${network} metric 0`,
      intact: `ip route show table 2 dev ${dev} | grep >/dev/null ${network}`,
      ...both(`${network} dev ${dev} table (2|nycmesh) proto (87|wgospf)`),
    },
    {
      ...{ name: 'lookup rule', command: `ip rule del ${lookup}`, object: `rule:inet ${lookup}` },
      intact: `ip rule show priority 1031 | grep >/dev/null -w ${dev}`,
      ...both(`1031:\\s+from all iif ${dev} lookup`),
    },
    {
      ...{ name: 'guard rule', command: `ip rule del ${guard}`, object: `rule:inet ${guard}` },
      intact: `ip rule show priority 1099 | grep >/dev/null -w ${dev}`,
      ...both(`1099:\\s+from all iif ${dev} unreachable`),
    },
    {
      ...{ name: 'rp_filter', command: `sysctl -qw net.ipv4.conf.${dev}.rp_filter=1` },
      object: `sysctl:net.ipv4.conf.${dev}.rp_filter`,
      intact: `test "$(cat /proc/sys/net/ipv4/conf/${dev}/rp_filter)" = 2`,
      gone: new RegExp(`^inet ${dev} rp_filter strict`),
      back: new RegExp(`^inet ${dev} rp_filter loose`),
    },
  ];
}

/** Damages of makeLoneRouter() that do not concern a tunnel. */
export const hostDamages: readonly Damage[] = [
  {
    name: 'address of eth1',
    command: 'ip address flush dev eth1',
    object: 'address:eth1 10.69.1.11/24',
    intact: 'ip -o address show dev eth1 | grep >/dev/null 10.69.1.11/24',
  },
  {
    name: 'guard default',
    command: 'ip route del unreachable default table 2 metric 4294967295',
    object: 'route:2 0.0.0.0/0 metric 4294967295',
    intact: 'ip route show table 2 | grep >/dev/null "unreachable default"',
  },
  {
    name: 'forwarding',
    command: 'sysctl -qw net.ipv4.ip_forward=0',
    object: 'sysctl:net.ipv4.ip_forward',
    intact: 'test "$(cat /proc/sys/net/ipv4/ip_forward)" = 1',
  },
];

/** Damages to wg222 of makeLoneRouter() that nobody reports: only a look finds them. */
export const wireguardDamages: readonly Damage[] = [
  {
    name: 'peer',
    command: 'wg set wg222 peer "$(wg show wg222 peers)" remove',
    object: 'wireguard:wg222',
    intact: 'test -n "$(wg show wg222 peers)"',
  },
  {
    name: 'key',
    command: 'wg genkey | wg set wg222 private-key /dev/stdin',
    object: 'wireguard:wg222',
    intact: 'test "$(wg show wg222 public-key)" = "$(wg pubkey </etc/wgospf/keys/wg222.key)"',
  },
  {
    name: 'port',
    command: 'wg set wg222 listen-port 51999',
    object: 'wireguard:wg222',
    intact: 'test "$(wg show wg222 listen-port)" = 51825',
  },
];

/** All damages of makeLoneRouter() that the kernel reports. */
export const kernelDamages: readonly Damage[] = [
  ...tunnelDamages({ name: 'wg222', network: '10.70.89.0/31' }),
  ...hostDamages,
];
