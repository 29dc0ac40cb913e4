// Router D boots: its disk has the files of an earlier apply, and its kernel knows nothing yet.
import type { Stage } from './stage.ts';
import { addressesOf, nodes } from './states.ts';
import { startDaemon } from '../netns/lab/daemon.ts';

const FOLDER = '/var/lib/wgospf';

/** D's disk is that of a router that applied the same state once, on another kernel. */
async function leaveDisk({ mesh }: Stage): Promise<void> {
  const { lab, routers } = mesh;
  const before = await lab.router('before');
  await before.sh('ip link add eth1 type veth peer name far1');
  await before.writeFile('/run/disk', await routers.D.sh('tar -C / -cz etc/wgospf | base64'));
  await before.sh('base64 -d /run/disk | tar -C / -xz');
  await before.writeState(mesh.state('D'));
  await before.startBird();
  await before.wgospf(['apply', '--adopt']);
  const disk = await before.sh('tar -C / -cz etc/wgospf etc/bird var/lib/wgospf | base64');
  await before.close();
  await routers.D.writeFile('/run/disk', disk);
  await routers.D.sh('base64 -d /run/disk | tar -C / -xz; rm /run/disk');
}

/** As with systemd: sysctls, guards, interfaces, agent (docs/boot.md). */
/** @param guard the file `wgospf-guard` */
export async function bootD(stage: Stage, guard: string): Promise<void> {
  const { mesh, mode, record } = stage;
  const { D } = mesh.routers;
  const { router, router6 } = addressesOf(nodes.D);
  await leaveDisk(stage);
  await D.sh(
    'ip link set eth0 down; ip link set eth1 down; sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1',
  );
  await record.phase('boot: guards', () => D.exec(guard, [FOLDER]));
  await record.phase('boot: interfaces come up', async () => {
    await D.sh(`
      ip link set eth0 up
      ip addr replace 2001:db8::4/64 dev eth0 nodad
      ip route add default via 198.51.100.254
      ip -6 route add default via 2001:db8::fe
      ip link set eth1 up; ip addr add ${router}/24 dev eth1; ip addr add ${router6}/64 dev eth1 nodad`);
    stage.watchLocal('D', mode);
  });
  await record.phase('boot: first pass of the agent', () => startDaemon(D));
  stage.watchInside('D', mode);
  // the agent starts a BIRD in a namespace
  if (mode !== 'netns') await record.phase('boot: BIRD starts', () => D.startBird());
}
