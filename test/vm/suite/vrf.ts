// The mesh moves into a VRF device and out of it again, live: one apply each, no mesh packet on the uplink meanwhile, and an
// operator's connection to a mesh address survives.
import { expect, test } from 'vitest';
import { eventually } from '../../netns/lab/eventually.ts';
import { difference, givenBack, kernelOf, type Inventory } from './inventory.ts';
import { sayIsolation } from './isolation.ts';
import type { Router } from './router.ts';
import { mesh, seen } from './uplink.ts';

/** A server on the router that is bound to no device, like sshd; it answers each line. */
const server = `use IO::Socket::INET; my $s = IO::Socket::INET->new(Listen => 5, LocalPort => 2222, ReuseAddr => 1) or die;
while (my $c = $s->accept) { next if fork; while (<$c>) { print $c "heard $_"; $c->flush } exit }`;

/** Sends one line, waits until /run/vrf-go-NAME exists, and sends another. */
const client = `use IO::Socket::INET; $| = 1; my $name = shift;
my $c = IO::Socket::INET->new(PeerAddr => "10.69.2.22:2222", Timeout => 20) or do { print "$!\\n"; exit 1 };
sub ask { print $c "$_[0]\\n"; my $l = <$c>; print defined $l ? $l : "ended: $!\\n" }
ask("first"); select undef, undef, undef, 0.2 until -e "/run/vrf-go-$name"; ask("second")`;

/** An operator's connection over the mesh. `over`: what it received, after it has sent its second line. */
async function connect(router: Router, name: string): Promise<{ over: () => Promise<string> }> {
  await router.sh(`rm -f /run/vrf-go-${name}
    systemd-run -q --collect --unit=vrf-client-${name} -p StandardOutput=file:/run/vrf-heard-${name} ip netns exec peer perl /run/vrf-client.pl ${name}
    until grep -q . /run/vrf-heard-${name}; do sleep 0.2; done`);
  const over = async (): Promise<string> => {
    await router.sh(
      `touch /run/vrf-go-${name}; for i in $(seq 150); do systemctl is-active -q vrf-client-${name} || break; sleep 0.2; done`,
    );
    return router.sh(`cat /run/vrf-heard-${name}`);
  };
  return { over };
}

const slaves = (router: Router): Promise<string> =>
  router.sh("ip -o link show master nycmesh 2>/dev/null | sed 's/^[0-9]*: //; s/[@:].*//' | sort | xargs");

/** Applied by hand, without a daemon: once, and nothing is left to do. */
async function applyOnce(router: Router): Promise<string> {
  // 2: there is something to do
  const plan = await router.sh('wgospf plan || [ $? = 2 ]', 300);
  router.say('wgospf apply', await router.sh('wgospf apply', 300));
  expect(await router.sh('wgospf plan', 300)).toMatch(/in sync/);
  return plan;
}

async function noLeak(router: Router): Promise<void> {
  router.say('wgospf leak-check', await router.sh('wgospf leak-check'));
}

export function inVrf(at: () => Router, inventory: () => Inventory): void {
  let before: string[] = [];

  test('a single apply changes from table to vrf, and an operator in the mesh stays connected', async () => {
    const router = at();
    await router.machine.write('/run/vrf-server.pl', server);
    await router.machine.write('/run/vrf-client.pl', client);
    await router.sh('systemd-run -q --collect --unit=vrf-server perl /run/vrf-server.pl');
    await router.meshWorks();
    before = await seen(router, mesh);
    const stays = await connect(router, 'stays');
    await router.sh('systemctl stop wgospf');
    const index = await router.sh('cat /sys/class/net/wg111/ifindex');
    await sayIsolation(router, 'vrf');
    const plan = await applyOnce(router);
    expect(plan).toMatch(/ip link set dev wg111 master nycmesh +# traffic-gap/);
    expect(await slaves(router)).toBe('eth2 wg111');
    expect(await router.sh('cat /sys/class/net/wg111/ifindex')).toBe(index);
    await router.meshWorks();
    await noLeak(router);
    expect(await stays.over()).toBe('heard first\nheard second');
    expect(await (await connect(router, 'new')).over()).toBe('heard first\nheard second');
    // WireGuard's own socket belongs to the underlay
    expect(await router.sh('ss -ulnH sport = :51825')).not.toContain('%');
    await router.sh(
      'ip vrf exec nycmesh ping -c 1 -W 20 10.69.1.11; ping -c 1 -W 20 10.69.1.11; ping -c 1 198.51.100.1',
    );
    router.say('ip vrf', await router.sh('ip vrf show; ip rule; ip route show table 2'));
  });

  test('a socket bound to another VRF device is refused the mesh', async () => {
    const router = at();
    await router.sh(`ip link add blue type vrf table 77; ip link set blue up; ip link add blue0 type veth peer name blue1
      ip link set blue1 up; ip link set blue0 master blue up; ip address add 192.0.2.1/30 dev blue0`);
    expect((await router.machine.run('ping -c 1 -W 2 -I blue 10.69.1.50')).code).not.toBe(0);
    await router.sh('ping -c 1 -W 20 10.69.1.50');
    expect(await router.sh('wgospf leak-check')).toMatch(/^this host in blue( +(-|refused))+$/m);
    await router.sh('ip link delete blue0; ip link delete blue');
  });

  test('with a flushed table packets from the device and from a slave leave nowhere', async () => {
    const router = at();
    await router.sh('ip route flush table 2');
    for (const ping of ['ip vrf exec nycmesh ping', 'ping -I nycmesh', 'ip netns exec lan ping']) {
      expect((await router.machine.run(`${ping} -c 2 -W 1 192.0.2.97`)).code, ping).not.toBe(0);
    }
    expect(await seen(router, 'host 192.0.2.97')).toEqual([]);
    await router.sh('ip rule delete priority 1012 iif lo l3mdev unreachable');
    before = await seen(router, mesh);
    await router.sh('systemctl start wgospf', 300);
    await router.inSync();
    await router.meshWorks();
    expect(await router.sh('ip rule')).toContain('1012:\tfrom all iif lo lookup [l3mdev-table] unreachable');
  });

  test('a flushed table is restored in both families, and no link goes down', async () => {
    const router = at();
    // BIRD's and ours; what the mesh does not need; a link without IPv6 addresses does not need the last
    const others = 'proto (bird|wgospf)|^(broadcast|anycast)|^local f|ff00::/8 dev wg111';
    const routes = (): Promise<string> =>
      router.sh(`for f in -4 -6; do ip $f route show table 2 | grep -vE '${others}' | sort; done
        ip -6 route show table 2 | grep '^local' | cut -d' ' -f1-4 | sort`);
    const [before, index] = [await routes(), await router.sh('cat /sys/class/net/wg111/ifindex')];
    const links = 'ip -ts -o monitor link';
    await router.sh(`systemd-run -q --collect --unit=vrf-links -p StandardOutput=file:/run/vrf-links ${links}`);
    await router.sh('ip -6 route flush table 2; ip route flush table 2');
    await eventually(async () => expect(await routes()).toBe(before), { within: 300, every: 1000 });
    await router.meshWorks();
    await router.inSync();
    expect(await router.sh('cat /sys/class/net/wg111/ifindex')).toBe(index);
    await router.sh('systemctl stop vrf-links');
    expect(await router.sh("grep -E 'wg111|eth2' /run/vrf-links || true")).toBe('');
  });

  test('a released slave and a deleted device are repaired', async () => {
    const router = at();
    for (const command of ['ip link set wg111 nomaster', 'ip link delete nycmesh']) {
      await router.sh(command);
      await eventually(async () => expect(await slaves(router)).toBe('eth2 wg111'), { within: 300, every: 500 });
      await router.inSync();
      await router.meshWorks();
    }
    router.say('repairs', await router.sh('journalctl --no-pager -o cat -u wgospf -n 12'));
    await noLeak(router);
  });

  test('the daemon changes back to table', async () => {
    const router = at();
    await sayIsolation(router, 'table');
    await eventually(async () => expect(await slaves(router)).toBe(''), { within: 300, every: 500 });
    await router.inSync();
    await router.meshWorks();
    await noLeak(router);
    expect(await router.sh('ip rule')).toContain('1031:\tfrom all iif wg111 lookup nycmesh');
    expect(await router.sh('sysctl -n net.ipv4.tcp_l3mdev_accept')).toBe('0');
    expect(await (await connect(router, 'again')).over()).toBe('heard first\nheard second');
    // after `down` the router is not in the mesh, and its own packets follow main
    expect(difference(before, await seen(router, mesh)), 'mesh packets on the uplink').toEqual([]);
  });

  test('an interface with the default route is not enslaved, and the uplink stays', async () => {
    const router = at();
    await router.sh('systemctl stop wgospf');
    await sayIsolation(router, 'vrf');
    await router.sh(
      `sed -i 's|^  eth2:|  eth0:\\n    address: 10.69.3.22/24\\n    ospf: {stub: true}\\n  eth2:|' /etc/wgospf/state.yaml`,
    );
    const before = await kernelOf(router);
    const { code, stdout, stderr } = await router.machine.run('wgospf apply', { seconds: 300 });
    router.say('wgospf apply with the uplink in the mesh', stdout + stderr);
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain('uplink-would-move');
    expect(await kernelOf(router)).toBe(before);
    expect(await router.sh('ip route show default')).toContain('default via 198.51.100.1 dev eth0');
  });

  test('`down` in a VRF restores everything but the kernel’s own rule', async () => {
    const router = at();
    await sayIsolation(router, 'vrf');
    await router.sh('wgospf apply', 300);
    await router.meshWorks();
    await router.sh('systemctl stop vrf-server');
    router.say('wgospf down', await router.sh('wgospf down', 300));
    const left = givenBack(await kernelOf(router));
    // made with the first VRF of a boot, for either family; it stays until the next boot (add_fib_rules in drivers/net/vrf.c)
    const kept = left.filter((line) => line.startsWith('1000:'));
    expect(kept).toHaveLength(2);
    const was = givenBack(inventory().kernel);
    expect(difference(was, left).filter((line) => !kept.includes(line.slice(2)))).toEqual([]);
    // later checks compare with a machine that had no VRF
    await router.sh('ip rule del priority 1000; ip -6 rule del priority 1000');
    await sayIsolation(router, 'table');
    await router.sh('systemctl start wgospf', 300);
    await router.inSync();
    await router.meshWorks();
  });
}
