// What happens to a router in the course of its life, one phase each.
import { pause } from './record.ts';
import type { Stage } from './scenario.ts';
import type { Said } from './mesh.ts';

/** Each kind of change of the state file. The far end follows none of them: a router between two changes. */
export async function changes({ mesh, record, A, change, converged }: Stage): Promise<void> {
  const stranger = (await A.sh('wg genkey | wg pubkey')).trim();
  const phase = (name: string, said: Said): Promise<unknown> => record.phase(name, () => change(said));
  await phase('tunnel added', { fifth: true });
  await phase('tunnel removed', {});
  await phase('cost', { tunnel: ['wg222', { cost: 30 }] });
  await phase('cost, back', {});
  await phase('address', { tunnel: ['wg222', { addresses: ['10.70.0.16/31', 'fd42:70::10/127'] }] });
  await phase('address, back', {});
  await phase('MTU', { tunnel: ['wg222', { mtu: 1380 }] });
  await phase('MTU, back', {});
  await phase('peer', { tunnel: ['wg222', { key: stranger }] });
  await phase('peer, back', {});
  await phase('port', { tunnel: ['wg222', { port: 51890 }] });
  await phase('port, back', {});
  await phase('interface removed', { eth1: false });
  await phase('interface back', {});
  await record.phase('adjacencies come back', () => converged());
  void mesh;
}

/** What others and accidents do. */
export async function faults({ mesh, record, A, start, kill, change, converged }: Stage): Promise<void> {
  const { phase } = record;
  await phase('tunnel set down by hand', () => A.sh('ip link set wg222 down'));
  await phase('tunnel deleted by hand', () => A.sh('ip link del wg222'));
  await phase('mesh table flushed', () => A.sh('ip route flush table 2; ip -6 route flush table 2'));
  await phase('BIRD killed', () => A.sh('kill -9 $(pidof bird)'));
  await phase('BIRD starts', () => A.startBird());
  await phase('agent killed', kill);
  await phase('agent away: tunnel down, another deleted', () => A.sh('ip link set wg222 down; ip link del wg333'));
  await phase('agent starts again', start);
  await phase('agent killed within a change', async () => {
    await Promise.race([change({ fifth: true, eth1: false }).catch(() => undefined), pause(0.1)]);
    await kill();
  });
  await phase('agent starts after that', async () => {
    await A.writeState(mesh.state('A'));
    await start();
  });
  await phase('adjacencies come back', () => converged());
}
