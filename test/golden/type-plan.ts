// Does a plan by hand: types the printed commands, and applies only what cannot be typed literally (files of more
// than one line, secrets from standard input, BIRD).
import { perform } from '../../src/engine/in-namespaces.ts';
import type { Plan } from '../../src/engine/types.ts';
import type { Host } from '../../src/host/types.ts';
import { resources } from '../../src/resources/index.ts';

const typeable = /^(ip netns exec \S+ )?(ip (?!netns (exec|list))|sysctl |wg set )/;

/** A route that went with its link's last address (fib_disable_ip) or into a VRF (cycle_netdev); `ip` complains, and that is right. */
const goneByItself = (command: string, error: unknown): boolean =>
  /^ip (-6 )?route del /.test(command) && String(error).includes('RTNETLINK answers: No such process');

export async function typePlan(
  { operations }: Plan,
  host: Host,
  type: (line: string) => unknown,
): Promise<void> {
  for (const operation of operations) {
    const { kind, command } = operation;
    if (!typeable.test(command)) {
      const resource = resources.find((one) => one.kind === kind);
      if (resource !== undefined) await perform(resource, operation, host);
      continue;
    }
    try {
      await type(command);
    } catch (error) {
      if (!goneByItself(command, error)) throw error;
    }
  }
}
