// The kernel's facts on which VRF mode depends, tested in namespaces beside the router (docs/adr/0015).
import { expect, test } from 'vitest';
import type { Router } from './router.ts';

/** Two hosts behind a router with a VRF, and an internet that accepts everything. `say NAME COMMAND` prints whether it works. */
const script = `
for n in r h1 h2 u; do
  ip netns add f$n; ip netns exec f$n sysctl -qw net.ipv6.conf.default.accept_dad=0; ip -n f$n link set lo up
done
r() { ip netns exec fr "$@"; }
both() { r ip rule "$@"; r ip -6 rule "$@"; }
say() { name=$1; shift; if "$@" >/dev/null 2>&1; then echo "$name yes"; else echo "$name no"; fi; }
for n in 1 2; do
  ip -n fr link add v$n type veth peer name e0 netns fh$n
  ip -n fh$n address add 10.69.$n.2/24 dev e0; ip -n fh$n address add fd69:$n::2/64 dev e0; ip -n fh$n link set e0 up
  ip -n fh$n route add default via 10.69.$n.1; ip -n fh$n -6 route add default via fd69:$n::1
  ip -n fr address add 10.69.$n.1/24 dev v$n; ip -n fr link set v$n up; ip -n fr address add fd69:$n::1/64 dev v$n
done
ip -n fr link add u0 type veth peer name e0 netns fu
ip -n fr address add 198.51.100.2/24 dev u0; ip -n fr link set u0 up; ip -n fu link set e0 up
r ip route add default via 198.51.100.1
r sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv6.conf.v2.keep_addr_on_down=1
ping4() { ip netns exec fh1 ping -c 1 -W 5 10.69.2.2; }
ping6() { ip netns exec fh1 ping -c 1 -W 5 fd69:2::2; }
rule1000() { r ip rule | grep -q '^1000:.*l3mdev' && r ip -6 rule | grep -q '^1000:.*l3mdev'; }
say 1000-before rule1000
r ip link add mesh type vrf table 2; r ip link set mesh up
say 1000-with-the-first rule1000
r ip route add 10.99.0.0/16 via 10.69.2.2 table 2
for n in 1 2; do r ip link set v$n master mesh; done
say route-outlives grep -q 10.99 <(r ip route show table 2)
say ipv4-outlives grep -q 10.69.1.1/24 <(r ip address show dev v1)
say ipv4-connected-in-table grep -q '10.69.1.0/24 dev v1 proto kernel' <(r ip route show table 2)
say ipv6-outlives grep -q fd69:1::1 <(r ip -6 address show dev v1)
say ipv6-kept-outlives grep -q fd69:2::1 <(r ip -6 address show dev v2)
r ip address add fd69:1::1/64 dev v1
say ipv4-forwards ping4
say ipv6-forwards ping6
for dev in v1 mesh; do
  both add priority 900 iif $dev prohibit
  say ipv4-passes-iif-$dev ping4
  say ipv6-passes-iif-$dev ping6
  say ipv4-asked-passes-iif-$dev r ip route get 10.69.2.2 from 10.69.1.2 iif v1
  say ipv6-asked-passes-iif-$dev r ip route get fd69:2::2 from fd69:1::2 iif v1
  both del priority 900
done
say bound-by-main r ip route get 9.9.9.9 oif mesh
both add priority 1012 oif mesh unreachable
say bound-passes-oif r ip route get 9.9.9.9 oif mesh
both del priority 1012; both add priority 1012 iif lo l3mdev unreachable
say bound-passes-l3mdev r ip route get 9.9.9.9 oif mesh
say unbound-passes-l3mdev r ip route get 9.9.9.9
r ip link add blue type vrf table 77; r ip link set blue up
r ip rule add priority 1010 to 10.69.0.0/16 iif lo lookup 2
say foreign-enters r ip route get 10.69.2.2 oif blue
r ip rule add priority 1012 to 10.69.0.0/16 iif lo unreachable
both add priority 1009 iif lo l3mdev goto 1012
say foreign-passes-goto r ip route get 10.69.2.2 oif blue
say own-passes-goto r ip route get 10.69.2.2 oif mesh
say unbound-passes-goto r ip route get 10.69.2.2
both del priority 1009; r ip rule del priority 1010; r ip rule del priority 1012 iif lo to 10.69.0.0/16 unreachable
r ip -6 route flush table 2; r ip route flush table 2
r ip route add local 10.69.1.1 dev v1 table 2 proto kernel src 10.69.1.1
r ip route add 10.69.1.0/24 dev v1 table 2 proto kernel src 10.69.1.1
for route in 'add local fd69:1::1/128 proto 87' 'add fd69:1::/64 metric 256 proto kernel' 'append fe80::/64 metric 256 proto kernel'; do
  r ip -6 route $route dev v1 table 2
done
say ipv4-put-back ip netns exec fh1 ping -c 1 -W 5 10.69.1.1
say ipv6-put-back ip netns exec fh1 ping -c 1 -W 5 fd69:1::1
r ip address del 10.69.1.1/24 dev v1; r ip address del fd69:1::1/64 dev v1
say ipv4-outlives-its-address grep -q 10.69.1.1 <(r ip route show table 2)
say ipv6-outlives-its-address grep -q 'local fd69:1::1' <(r ip -6 route show table 2)
r ip link delete blue; r ip link delete mesh
say 1000-after rule1000
both del priority 1000
r ip link add mesh type vrf table 2
say 1000-made-again rule1000
for n in r h1 h2 u; do ip netns del f$n; done`;

export function vrfFacts(at: () => Router): void {
  test('rules match packets of a VRF as documented', async () => {
    const router = at();
    const answers = (await router.sh(script)).split('\n').map((line) => line.split(' ') as [string, string]);
    router.say('facts of VRF', answers.map((words) => words.join(' ')).join('\n'));
    expect(Object.fromEntries(answers)).toEqual({
      ...{ '1000-before': 'no', '1000-with-the-first': 'yes', '1000-after': 'yes', '1000-made-again': 'no' },
      ...{ 'route-outlives': 'no', 'ipv4-outlives': 'yes', 'ipv4-connected-in-table': 'yes' },
      ...{ 'ipv6-outlives': 'no', 'ipv6-kept-outlives': 'yes', 'ipv4-forwards': 'yes', 'ipv6-forwards': 'yes' },
      ...{ 'ipv4-passes-iif-v1': 'no', 'ipv6-passes-iif-v1': 'yes' },
      ...{ 'ipv4-passes-iif-mesh': 'yes', 'ipv6-passes-iif-mesh': 'no' },
      ...{ 'ipv4-asked-passes-iif-v1': 'no', 'ipv6-asked-passes-iif-v1': 'no' },
      ...{ 'ipv4-asked-passes-iif-mesh': 'yes', 'ipv6-asked-passes-iif-mesh': 'yes' },
      ...{ 'bound-by-main': 'yes', 'bound-passes-oif': 'yes', 'bound-passes-l3mdev': 'no' },
      'unbound-passes-l3mdev': 'yes',
      ...{
        'foreign-enters': 'yes',
        'foreign-passes-goto': 'no',
        'own-passes-goto': 'yes',
        'unbound-passes-goto': 'yes',
      },
      ...{ 'ipv4-put-back': 'yes', 'ipv6-put-back': 'yes' },
      ...{ 'ipv4-outlives-its-address': 'no', 'ipv6-outlives-its-address': 'yes' },
    });
  });
}
