// The events in the life of a router, one phase each.
import { pause } from './record.ts';
import { insidePlace, type Stage } from './stage.ts';
import type { StateOptions } from './mesh.ts';
import { TABLE, type Mode } from './states.ts';

/** Each kind of change of the state file. The far end follows none of them: a router between two changes. */
export async function changes({ record, A, change, converged, withoutStrangers }: Stage): Promise<void> {
  const foreignKey = (await A.sh('wg genkey | wg pubkey')).trim();
  const phase = (name: string, options: StateOptions): Promise<unknown> => record.phase(name, () => change(options));
  await phase('tunnel added', { fifth: true });
  await phase('tunnel removed', {});
  await phase('cost', { tunnel: ['wg222', { cost: 30 }] });
  await phase('cost, back', {});
  await phase('address', { tunnel: ['wg222', { addresses: ['10.70.0.16/31', 'fd42:70::10/127'] }] });
  await phase('address, back', {});
  await phase('MTU', { tunnel: ['wg222', { mtu: 1380 }] });
  await phase('MTU, back', {});
  await phase('peer', { tunnel: ['wg222', { key: foreignKey }] });
  await phase('peer, back', {});
  await phase('port', { tunnel: ['wg222', { port: 51890 }] });
  await phase('port, back', {});
  await withoutStrangers(async () => {
    await phase('interface removed', { eth1: false });
    await phase('interface back', {});
  });
  await record.phase('adjacencies come back', () => converged());
}

/** Phases in which somebody empties the packet filter. */
export async function ruleset({ record, A }: Stage): Promise<void> {
  await record.phase('nft flush ruleset', () => A.sh('nft flush ruleset'));
  await record.phase('all rules of the firewall deleted, and again', async () => {
    for (let n = 0; n < 5; n++) {
      await A.sh('nft flush ruleset');
      await pause(0.1);
    }
  });
}

/** Outside runs another, which the mesh does not use then. */
const BIRD_INSIDE = `$(for p in $(ip netns pids ${TABLE}); do grep -qx bird /proc/$p/comm && echo $p; done)`;

/** Damage by others and by accident. */
export async function faults(stage: Stage): Promise<void> {
  const { mesh, mode, record, A, start, kill, change, converged } = stage;
  const { phase } = record;
  const inside = mode === 'netns' ? `ip netns exec ${TABLE} ` : '';
  await phase('tunnel set down by hand', () => A.sh(`${inside}ip link set wg222 down`));
  await phase('tunnel deleted by hand', () => A.sh(`${inside}ip link del wg222`));
  await phase('adjacencies come back', () => converged());
  // in the other modes the connected routes belong to the kernel, and do not come back
  const flushed = { table: 'table 2', netns: 'table main proto bird', vrf: 'table 2 proto bird' };
  const which = flushed[mode === 'netns' || mode === 'vrf' ? mode : 'table'];
  await phase('mesh table flushed', () => A.sh(`for f in 4 6; do ${inside}ip -$f route flush ${which}; done`));
  await phase('BIRD killed', () => A.sh(`kill -9 ${mode === 'netns' ? BIRD_INSIDE : '$(pidof bird)'}`));
  await phase('BIRD starts', () => (mode === 'netns' ? A.wgospf(['reload']) : A.startBird()));
  await phase('adjacencies come back', () => converged());
  await phase('agent killed', kill);
  await phase('agent away: tunnel down, another deleted', () =>
    A.sh(`${inside}ip link set wg222 down; ${inside}ip link del wg333`),
  );
  await phase('agent starts again', start);
  await stage.withoutStrangers(async () => {
    await phase('agent killed within a change', async () => {
      await Promise.race([change({ fifth: true, eth1: false }).catch(() => undefined), pause(0.1)]);
      await kill();
    });
    await phase('agent starts after that', async () => {
      await A.writeState(mesh.state('A'));
      await start();
    });
  });
  await phase('adjacencies come back', () => converged());
}

/** A changes from mode to mode and back, under its agent. */
export async function modeChanges(
  { record, mode, change, converged, watchInside }: Stage,
  to: readonly Mode[],
): Promise<void> {
  let now = mode;
  for (const next of [...to, mode]) {
    await record.phase(`mode: ${now} to ${next}`, () => change({ mode: next }));
    await record.forget(insidePlace('A'));
    watchInside('A', next);
    const among = next === 'netns' ? /^[LHD]$|^A inside$/ : /^[LHDA]$/;
    await record.phase('adjacencies come back', () => converged(among));
    now = next;
  }
}
