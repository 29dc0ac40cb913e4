// Threaded NAPI is of the kernel's devices, and set where /sys tells of them.
import type { Problem } from '../problem.ts';
import type { Resolved } from '../resolve/types.ts';

function hindrance({ said, env }: Resolved): string | undefined {
  const { backend = 'auto' } = said.wireguard ?? {};
  if (backend === 'userspace' || (backend === 'auto' && !env.kernelWireguard))
    return 'tunnels of wireguard-go have no NAPI';
  return said.mesh?.isolation === 'netns' ? 'of tunnels inside a namespace /sys tells nothing outside' : undefined;
}

export function threadedChecks(resolved: Resolved): Problem[] {
  const { threaded = 'auto' } = resolved.said.wireguard ?? {};
  const why = threaded === 'auto' ? undefined : hindrance(resolved);
  if (why === undefined) return [];
  return [
    {
      code: 'threaded-without-effect',
      severity: 'warning',
      path: ['wireguard', 'threaded'],
      message: `${why}, and so this has no effect here`,
      hint: 'threaded: auto',
    },
  ];
}
