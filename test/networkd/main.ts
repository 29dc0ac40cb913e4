// systemd-networkd restarted and reconfigured again and again beside the agent, while hosts on both sides send: what it deletes, and
// what crosses, by a capture at the far sides. With and without the drop-ins of the package, with and without the second guard.
//   npm run test:networkd [-- TIMES]       prints a row for each; exits with 1 where a packet crossed that should not have
//
//   host111 --- eth1 node111 eth0 --- the internet        other: what networkd is there for
import { networkdDropIns } from '../../packaging/deb/contents.ts';
import { startDaemon } from '../netns/lab/daemon.ts';
import { eventually } from '../netns/lab/eventually.ts';
import { makeLoneRouter, type LoneRouter } from '../netns/lab/lone-router.ts';
import type { Namespace } from '../netns/lab/namespace.ts';
import { readFile } from 'node:fs/promises';

const INTERNET = '203.0.113.1';
const HOST = '10.69.1.50';
const times = Number(process.argv[2] ?? 50);

// networkd wants udev to have seen a link; a bus of its own takes `networkctl reconfigure`
const setUp = `
mkdir -p /run/systemd/netif/{links,leases,lldp} /run/systemd/networkd.conf.d /run/udev/data /run/dbus /etc/systemd/network
chown -R systemd-network: /run/systemd/netif
ip link add other type veth peer name far
ip link set dev far up
printf '[Match]\\nName=other\\n[Network]\\nAddress=192.0.2.129/25\\nLinkLocalAddressing=no\\n' >/etc/systemd/network/10-other.network
for link in /sys/class/net/*; do echo I:1 >/run/udev/data/n$(cat $link/ifindex); done
cat >/run/dbus/own.conf <<'END'
<busconfig><type>session</type><listen>unix:path=/run/dbus/system_bus_socket</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*"/><allow eavesdrop="true"/><allow own="*"/><allow user="*"/></policy></busconfig>
END`;

interface Row {
  readonly dropIn: boolean;
  readonly firewall: 'auto' | 'none';
}

interface Found extends Row {
  readonly deleted: number;
  readonly out: number;
  readonly in: number;
  readonly sent: number;
}

async function runNetworkd({ router }: LoneRouter): Promise<void> {
  await router.sh('ip addr flush dev other; ip link set dev other down');
  const networkd = router.start('/lib/systemd/systemd-networkd', []);
  const configured = (): Promise<void> =>
    eventually(
      async () => {
        const address = await router.sh('ip -4 addr show dev other');
        if (!address.includes('192.0.2.129')) throw new Error(`networkd sets no address: ${networkd.output()}`);
      },
      { every: 20 },
    );
  await configured();
  await router.sh('networkctl reconfigure other');
  await configured();
  await networkd.stop('SIGTERM');
}

/** Echo requests that come in at a far side. */
async function count(at: Namespace, filter: string): Promise<() => Promise<number>> {
  const wire = at.start('tcpdump', [
    '-lntp',
    '-i',
    'any',
    '-Q',
    'in',
    '-B',
    '8192',
    `icmp[icmptype] = icmp-echo and ${filter}`,
  ]);
  await eventually(() => {
    if (!wire.output().includes('listening on')) throw new Error(wire.output());
  });
  return async () =>
    (await wire.stop('SIGINT')).split('\n').filter((line) => line.includes('ICMP echo request')).length;
}

/** Sends without a pause until it is stopped; gives how many. */
function send(from: Namespace, to: string): () => Promise<number> {
  const ping = from.start('ping', ['-n', '-q', '-i', '0.002', to]);
  return async () => Number(/(\d+) packets transmitted/.exec(await ping.stop('SIGINT'))?.[1] ?? 0);
}

async function measure(lone: LoneRouter, row: Row, text: string): Promise<Found> {
  const { router, host, lab } = lone;
  await router.sh('rm -f /run/systemd/networkd.conf.d/*');
  for (const entry of row.dropIn ? networkdDropIns() : []) {
    if ('from' in entry)
      await router.writeFile(`/${entry.path}`.replace('/usr/lib', '/run'), await readFile(entry.from, 'utf8'));
  }
  await router.writeState(text.replace('\nmesh:\n', `\nmesh:\n  firewall: ${row.firewall}\n`));
  const daemon = await startDaemon(router);
  const monitor = router.start('ip', ['-N', 'monitor', 'rule', 'route']);
  const wires = [await count(lab.underlay, 'src net 10.69.0.0/16'), await count(host, `dst ${HOST}`)];
  const senders = [send(host, INTERNET), send(lab.underlay, HOST)];
  for (let n = 0; n < times; n++) await runNetworkd(lone);
  const sent = await Promise.all(senders.map((stop) => stop()));
  const [out = 0, into = 0] = await Promise.all(wires.map((stop) => stop()));
  await daemon.stop();
  const events = (await monitor.stop()).split('\n');
  const deleted = events.filter((line) => line.startsWith('Deleted') && line.includes('proto 87')).length;
  return { ...row, deleted, out, in: into, sent: sent.reduce((a, b) => a + b, 0) };
}

const rows: readonly Row[] = [
  { dropIn: true, firewall: 'auto' },
  { dropIn: false, firewall: 'auto' },
  { dropIn: true, firewall: 'none' },
  { dropIn: false, firewall: 'none' },
];

const lone = await makeLoneRouter();
try {
  const { router, lab } = lone;
  const text = await router.readFile('/etc/wgospf/state.yaml');
  await router.wgospf(['apply', '--adopt']);
  await router.sh(setUp);
  await lab.underlay.sh(`ip route replace 10.69.0.0/16 via ${router.underlay}`);
  const bus = router.start('dbus-daemon', ['--config-file=/run/dbus/own.conf', '--nofork', '--nopidfile']);
  await eventually(async () => router.sh('test -S /run/dbus/system_bus_socket'));
  console.log(`${times} times started, reconfigured and ended; kernel ${(await router.sh('uname -r')).trim()}`);
  console.log('drop-ins  second guard  deleted    sent  crossed out  crossed in');
  for (const row of rows) {
    const found = await measure(lone, row, text);
    const cells = [found.deleted, found.sent, found.out, found.in].map((n, i) =>
      String(n).padStart([7, 8, 13, 12][i] ?? 8),
    );
    console.log(`${row.dropIn ? 'with    ' : 'without '}  ${row.firewall.padEnd(12)}${cells.join('')}`);
    if ((row.dropIn || row.firewall === 'auto') && found.out + found.in > 0) process.exitCode = 1;
  }
  await bus.stop();
} finally {
  await lone.lab.close();
}
