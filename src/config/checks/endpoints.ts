// A tunnel must not run through the mesh that it carries: its own packets would be sent into itself.
import { parseEndpoint } from '../../net/endpoint.ts';
import { contains, formatPrefix } from '../../net/ip.ts';
import type { Draft } from '../draft.ts';
import type { Problem } from '../problem.ts';
import { meshPrefixes, tunnelsOf } from './links.ts';

export function endpointChecks(draft: Draft): Problem[] {
  const mesh = meshPrefixes(draft) ?? [];
  return tunnelsOf(draft).flatMap(({ path, said }): Problem[] => {
    const host = said.peer?.endpoint === undefined ? undefined : parseEndpoint(said.peer.endpoint)?.host;
    // a name is looked at when it is resolved
    if (host === undefined || !/^[0-9.]+$|:/.test(host)) return [];
    const inside = mesh.find((p) => contains(p, host));
    if (inside === undefined) return [];
    return [
      {
        code: 'endpoint-in-mesh',
        // where the underlay itself is mesh, the far end may have no other address
        severity: draft.mesh?.table === 'main' ? 'warning' : 'error',
        path: [...path, 'peer', 'endpoint'],
        message: `${host} lies in ${formatPrefix(inside)} of the mesh: the tunnel would run through itself`,
        hint: "endpoint: the far end's address on the internet",
      },
    ];
  });
}
