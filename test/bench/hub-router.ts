// A router with the tunnels of hub.ts, configured by wgospf. The tunnels have no far ends.
import { readFile, writeFile } from 'node:fs/promises';
import { eventually } from '../netns/lab/eventually.ts';
import { makeLab, type Lab } from '../netns/lab/make-lab.ts';
import type { Router } from '../netns/lab/router.ts';
import { hubState, hubTunnels, type HubTunnel } from './hub.ts';

/** If too many wireguard-go start at once, some are late, or end themselves in the burst of the others' events. */
const STEP = 10;

/** Makes the router come up with more and more tunnels. @param text the state file with so many of them */
export async function bringUpInSteps(router: Router, count: number, text: (count: number) => string): Promise<void> {
  for (let some = STEP; some < count + STEP; some += STEP) {
    await router.writeState(text(Math.min(some, count)));
    await eventually(() => router.wgospf(['apply', '--adopt'], { timeout: 300 }), { within: 300 });
  }
}

const INSTANCES = '/proc/sys/fs/inotify/max_user_instances';

/** Each wireguard-go watches its socket's folder (inotify(7)), and root may watch 128 by default. Returns a function that undoes it. */
export async function allowWatches(count: number): Promise<() => Promise<void>> {
  const before = await readFile(INSTANCES, 'utf8');
  await writeFile(INSTANCES, String(Math.max(Number(before), 2 * count + 128)));
  return () => writeFile(INSTANCES, before);
}

/** A lab in which so many wireguard-go may run. */
export async function makeHubLab(count: number): Promise<Lab> {
  const giveBack = await allowWatches(count);
  try {
    const made = await makeLab();
    return { ...made, close: () => made.close().finally(giveBack) };
  } catch (error) {
    await giveBack();
    throw error;
  }
}

/** With its local interface `eth1`, a BIRD and the hub's key, and nothing of wgospf yet. */
export async function makeBareHub(lab: Lab): Promise<Router> {
  const router = await lab.router('hub');
  await lab.host('local', router, { dev: 'eth1', address: '10.69.1.50/24', gateway: '10.69.1.11' });
  await router.startBird();
  await router.makeKey('keys/hub.key');
  return router;
}

export interface HubRouter {
  readonly router: Router;
  readonly tunnels: readonly HubTunnel[];
}

/** Needs root. Everything is in sync when `work` starts, and removed when it is done. */
export async function withHubRouter<T>(count: number, work: (hub: HubRouter) => Promise<T>): Promise<T> {
  const lab = await makeHubLab(count + 1);
  try {
    const router = await makeBareHub(lab);
    await bringUpInSteps(router, count, (some) => hubState(hubTunnels(some)));
    return await work({ router, tunnels: hubTunnels(count) });
  } finally {
    await lab.close();
  }
}
