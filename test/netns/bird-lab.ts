// What the tests of the bird resource share: routers on a cable instead of a tunnel (OSPF does not care), and passes of
// the resource inside of them.
import { fileURLToPath } from 'node:url';
import type { OspfInterface, RouterModel } from '../../src/model/types.ts';
import { local, model, ospf, type ModelChange } from '../bird/models.ts';
import type { DriverInput, DriverReport } from './bird-driver.ts';
import { eventually } from './lab/eventually.ts';
import type { Namespace } from './lab/namespace.ts';
import type { Router } from './lab/router.ts';

export const CONF = '/etc/bird/bird.conf';
export const KEPT: string = `/var/lib/wgospf/bird${CONF}.before-wgospf`;

const driver = fileURLToPath(new URL('bird-driver.ts', import.meta.url));

/** One pass of the bird resource in the namespace; without a model, `down`. */
export async function pass(router: Namespace, input: DriverInput): Promise<DriverReport> {
  const { stdout } = await router.exec(process.execPath, [driver], { input: JSON.stringify(input) });
  return JSON.parse(stdout) as DriverReport;
}

/** Hello 1, so that an adjacency is there in a second. */
export const quick: OspfInterface = ospf({ type: 'ptp', hello: 1, dead: 4 });

/** A router at the end N (1 or 2) of the cable `cab`, 10.70.89.0/31, with a local network 10.69.N.0/24 on `lan`. */
export const cableModel = (n: 1 | 2, change: ModelChange = {}): RouterModel =>
  model({
    routerId: `10.69.${n}.1`,
    interfaces: [
      local('cab', `10.70.89.${n - 1}/31`, quick),
      local('lan', `10.69.${n}.1/24`, ospf({ cost: 1, stub: true })),
    ],
    ...change,
  });

/** Addresses of `cableModel` on links that are there; `lan` is a bridge, since this needs no other end. */
export async function address(router: Router, n: 1 | 2): Promise<void> {
  await router.sh(`
    ip addr add 10.70.89.${n - 1}/31 dev cab
    ip link add lan type bridge; ip addr add 10.69.${n}.1/24 dev lan; ip link set lan up`);
}

/** BIRD comes up on a file of ours that a pass wrote before. */
export async function startOn(router: Router, wanted: RouterModel): Promise<void> {
  await router.sh(`rm -f ${CONF}`);
  await pass(router, { model: wanted });
  await router.startBird();
}

export async function full(...routers: readonly Router[]): Promise<void> {
  await eventually(async () => {
    for (const router of routers) {
      const states = (await router.ospfNeighbors()).map(({ state }) => state);
      if (!states.includes('Full/PtP')) throw new Error(`${router.name}: ${states.join(' ') || 'no neighbour'}`);
    }
  });
}

/** `10.69.2.0/24 via 10.70.89.1 dev cab proto bird metric 64` of a table, sorted. */
export async function routes(router: Namespace, table: number | string, match = ''): Promise<string[]> {
  const { stdout } = await router.exec('ip', ['route', 'show', 'table', String(table)], { mayFail: true });
  const lines = stdout.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '' && line.includes(match)).sort();
}

/** Waits for a table to hold these routes of BIRD, and no others of it. */
export const expectRoutes = (router: Namespace, table: number | string, wanted: readonly string[]): Promise<void> =>
  eventually(async () => {
    const found = await routes(router, table, 'proto bird');
    if (found.join('\n') !== [...wanted].sort().join('\n')) throw new Error(`${router.name}: ${found.join('\n')}`);
  });

/** When BIRD took a configuration last. */
export const lastConfigured = async (router: Router): Promise<string> =>
  /Last reconfiguration on (.*)/.exec(await router.birdc('show status'))?.[1] ?? '';

/** When OSPF started, as `show protocols` has it. */
export const ospfSince = async (router: Router): Promise<string> =>
  /mesh4\s+OSPF\s+\S+\s+up\s+(\S+)/.exec(await router.birdc('show protocols mesh4'))?.[1] ?? '';
