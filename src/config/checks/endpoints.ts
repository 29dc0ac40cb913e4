// Checks endpoints: a tunnel must not run through its own mesh, because its packets would be sent into the tunnel itself.
import { isHostName } from '../../net/endpoint.ts';
import { contains, formatPrefix } from '../../net/ip.ts';
import type { Path } from '../locate.ts';
import type { Problem } from '../problem.ts';
import type { Resolved } from '../resolve/types.ts';

/** With table main no rule separates WireGuard's packets, and BIRD's filter knows only addresses, not names. */
const unguarded = (host: string, path: Path): Problem => ({
  code: 'endpoint-name-main',
  severity: 'warning',
  path: [...path, 'peer', 'endpoint'],
  message: `with mesh.table main a route learned from the mesh may lead to ${host} through the tunnel itself; wgospf can refuse that only with the address`,
  hint: "the far end's address instead of its name",
});

export function endpointChecks({ said: file, prefixes: mesh = [], tunnels }: Resolved): Problem[] {
  const inMain = file.mesh?.table === 'main';
  return tunnels.flatMap(({ path, said }): Problem[] => {
    const host = said.peer?.endpoint?.host;
    if (host === undefined) return [];
    // the address of a name is checked when it is resolved
    if (isHostName(host)) return inMain ? [unguarded(host, path)] : [];
    const inside = mesh.find((p) => contains(p, host));
    if (inside === undefined) return [];
    return [
      {
        code: 'endpoint-in-mesh',
        // if the underlay is itself part of the mesh, the far end may have no other address
        severity: inMain ? 'warning' : 'error',
        path: [...path, 'peer', 'endpoint'],
        message: `${host} lies in ${formatPrefix(inside)} of the mesh: the tunnel would run through itself`,
        hint: "endpoint: the far end's address on the internet",
      },
    ];
  });
}
