// Checks threaded NAPI: only the kernel's own devices have it, and it is set in their /sys folder.
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
