// systemd-networkd beside the agent. With the drop-in it deletes nothing. Without it, rules are deleted one by one and the
// agent puts them back: how many packets cross meanwhile is measured, for no program can be faster than the deletion.
import { networkdDropIn } from '../../src/resources/surroundings/networkd.ts';
import { eventually } from '../netns/lab/eventually.ts';
import { pause } from './record.ts';
import type { Stage } from './stage.ts';

const CONF = '/etc/systemd/networkd.conf.d';

// networkd requires that udev has seen a link; it manages only `other`
const setUp = `
mkdir -p /run/systemd/netif/links /run/systemd/netif/leases /run/systemd/netif/lldp /run/udev/data /etc/systemd/network ${CONF}
chown -R systemd-network: /run/systemd/netif
ip link add other type veth peer name far
ip link set dev far up
printf '[Match]\\nName=other\\n[Network]\\nAddress=192.0.2.129/25\\nLinkLocalAddressing=no\\n' >/etc/systemd/network/10-other.network
for link in /sys/class/net/*; do echo I:1 >/run/udev/data/n$(cat $link/ifindex); done`;

/** Runs it until its own address exists, which it adds after the deletions. */
async function runNetworkd({ A }: Stage): Promise<void> {
  await A.sh('ip addr flush dev other; ip link set dev other down');
  const networkd = A.start('/lib/systemd/systemd-networkd', []);
  await eventually(async () => {
    if (!(await A.sh('ip -4 addr show dev other')).includes('192.0.2.129')) throw new Error('networkd set no address');
  });
  await networkd.stop('SIGTERM');
}

/** How long the deleted objects were gone, according to the agent. */
function longestGap({ daemon }: Stage, from: number): string {
  const gone = daemon()
    .lines()
    .slice(from)
    .flatMap(({ event, gone_ms }) => (event === 'repaired' && gone_ms !== undefined ? [gone_ms] : []));
  return `${gone.length} objects deleted, the longest was gone for ${Math.max(0, ...gone)} ms`;
}

export async function networkdPhases(stage: Stage): Promise<void> {
  const { A, record, daemon } = stage;
  await A.sh(setUp);
  await A.writeFile(`${CONF}/wgospf.conf`, networkdDropIn(252));
  await record.phase('networkd starts, with the drop-in', () => runNetworkd(stage));
  await A.sh(`rm ${CONF}/wgospf.conf`);
  const from = daemon().lines().length;
  await record.measure('networkd starts, without it', async () => {
    await runNetworkd(stage);
    await pause(1);
    return longestGap(stage, from);
  });
  await A.sh(`ip link del other; rm -rf /etc/systemd/network/10-other.network ${CONF} /run/systemd /run/udev`);
}
