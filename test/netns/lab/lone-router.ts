// A router whose tunnel wg222 has no far end, with a machine behind eth1: enough for damages.
import { makeLab, type Lab } from './make-lab.ts';
import type { Namespace } from './namespace.ts';
import type { Router } from './router.ts';
import { stateText } from './state-text.ts';

export interface LoneRouter {
  readonly lab: Lab;
  readonly router: Router;
  /** 10.69.1.50, behind eth1 */
  readonly host: Namespace;
}

/** Needs root. BIRD runs, the state file is written, nothing is applied. */
export async function makeLoneRouter(): Promise<LoneRouter> {
  const lab = await makeLab();
  const router = await lab.router('node111');
  const host = await lab.host('host111', router, { dev: 'eth1', address: '10.69.1.50/24', gateway: '10.69.1.11' });
  await router.makeKey('keys/wg222.key');
  const key = (await router.sh('wg genkey | wg pubkey')).trim();
  const wg222 = { address: '10.70.89.0/31', port: 51825, key, endpoint: '198.51.100.99:51825' };
  await router.writeState(stateText({ node: 111, eth1: '10.69.1.11/24', tunnels: { wg222 } }));
  await router.startBird();
  return { lab, router, host };
}
