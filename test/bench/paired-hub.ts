// A hub whose tunnels all lead to one far router, each with its own keys, so that BIRD has as many adjacencies as
// the hub has tunnels. wgospf makes both ends.
import { eventually } from '../netns/lab/eventually.ts';
import type { Lab } from '../netns/lab/make-lab.ts';
import type { Router } from '../netns/lab/router.ts';
import { bringUpInSteps, makeHubLab } from './hub-router.ts';

export interface PairedHub {
  readonly lab: Lab;
  readonly router: Router;
  /** the state file with this cost on the tunnels of those numbers (from 1), and 15 on the others */
  readonly state: (cost: number, on: (n: number) => boolean) => string;
  /** the number of Full adjacencies */
  readonly full: () => Promise<number>;
}

/** below the range from which wireguard-go takes a port until it is configured (ip_local_port_range) */
const BASE = 20000;

/** Private keys `keys/wgN.key`, all made by one shell; returns their public keys in that order. */
async function makeKeys(router: Router, count: number): Promise<string[]> {
  const output = await router.sh(`
    umask 077; mkdir -p /etc/wgospf/keys; cd /etc/wgospf/keys
    for n in $(seq ${count}); do wg genkey | tee wg$n.key | wg pubkey; done`);
  return output.trim().split('\n');
}

interface End {
  readonly id: string;
  readonly side: 0 | 1;
  /** the far end's */
  readonly keys: readonly string[];
  readonly underlay: string;
}

function stateText({ id, side, keys, underlay }: End, costOf: (n: number) => number): string {
  const tunnels = keys.map((key, i) => {
    const address = `10.70.${Math.floor(i / 128)}.${(i % 128) * 2 + side}/31`;
    const peer = `{publicKey: ${key}, endpoint: '${underlay}:${BASE + i}'}`;
    const ospf = `{cost: ${costOf(i + 1)}, type: ptp}`;
    return `  wg${i + 1}: {address: ${address}, listenPort: ${BASE + i}, privateKeyFile: keys/wg${i + 1}.key, peer: ${peer}, ospf: ${ospf}}`;
  });
  return `version: 1
router: {id: ${id}}
mesh:
  table: {name: nycmesh, id: 2}
  prefixes: [10.69.0.0/16, 10.70.0.0/16]
tunnels:
${tunnels.join('\n')}
`;
}

/** Needs root. All adjacencies are Full when it returns. */
export async function makePairedHub(count: number): Promise<PairedHub> {
  const lab = await makeHubLab(2 * count);
  try {
    const [router, far] = [await lab.router('hub'), await lab.router('far')];
    const [own, others] = [await makeKeys(router, count), await makeKeys(far, count)];
    await Promise.all([router.startBird(), far.startBird()]);
    const hub: End = { id: '10.69.1.1', side: 0, keys: others, underlay: far.underlay };
    const other: End = { id: '10.69.2.1', side: 1, keys: own, underlay: router.underlay };
    await bringUpInSteps(far, count, (some) => stateText({ ...other, keys: own.slice(0, some) }, () => 15));
    await bringUpInSteps(router, count, (some) => stateText({ ...hub, keys: others.slice(0, some) }, () => 15));
    const state: PairedHub['state'] = (cost, on) => stateText(hub, (n) => (on(n) ? cost : 15));
    const full = async (): Promise<number> =>
      (await router.ospfNeighbors()).filter(({ state: seen }) => seen === 'Full/PtP').length;
    await eventually(async () => {
      const found = await full();
      if (found !== count) throw new Error(`${found} of ${count} adjacencies are Full`);
    });
    return { lab, router, state, full };
  } catch (error) {
    await lab.close();
    throw error;
  }
}
