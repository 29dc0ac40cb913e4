// Checks ports: every tunnel needs its own UDP port.
import type { Problem } from '../problem.ts';
import type { Resolved } from '../resolve/types.ts';

/** Ports of BFD: single hop, echo, multihop (RFC 5881, RFC 5883). */
const BFD_PORTS: readonly number[] = [3784, 3785, 4784];

/** the usual port of a router's first tunnel */
const FIRST = 51_825;

/** BIRD opens the ports of BFD if a link has it, and our own firewall reserves them. With a namespace, both are inside. */
function bfdFault({ said, ospfLinks }: Resolved, port: number): string | undefined {
  const { isolation, firewall } = said.mesh ?? {};
  if (!BFD_PORTS.includes(port) || isolation === 'netns') return undefined;
  const speaks = ospfLinks.some(({ ospf }) => ospf.model.bfd !== undefined);
  if (speaks) return `BIRD opens UDP port ${port} for BFD, and one of the two would not get it`;
  return firewall === 'nftables'
    ? `UDP port ${port} is BFD's, and mesh.firewall drops what comes to it from outside the mesh`
    : undefined;
}

/** Finds ports that no tunnel has and that no other cure of this file names. */
function freePorts(tunnels: Resolved['tunnels']): (after: number) => number {
  const taken = new Set<number | undefined>([...BFD_PORTS, ...tunnels.map((t) => t.said.listenPort)]);
  return (after) => {
    const ports = Array.from({ length: 65_536 - 1024 }, (_, i) => 1024 + ((after + 1 - 1024 + i) % (65_536 - 1024)));
    const port = ports.find((candidate) => !taken.has(candidate)) ?? after;
    taken.add(port);
    return port;
  };
}

export function portChecks(resolved: Resolved): Problem[] {
  const { tunnels } = resolved;
  const free = freePorts(tunnels);
  const first = new Map<number, string>();
  return tunnels.flatMap(({ name, path, said: { listenPort: port } }): Problem[] => {
    if (port === undefined) return [];
    const at = [...path, 'listenPort'];
    const before = first.get(port);
    if (before !== undefined) {
      const message = `UDP port ${port} is already taken by ${before}; each WireGuard interface needs its own port`;
      return [
        {
          code: 'port-twice',
          path: at,
          message,
          hint: `listenPort: ${free(Math.max(port, 1023))}, and the same in the far end's endpoint`,
        },
      ];
    }
    first.set(port, name);
    const bfd = bfdFault(resolved, port);
    if (bfd !== undefined) {
      const hint = `listenPort: ${free(FIRST - 1)}, and the same in the far end's endpoint`;
      return [{ code: 'port-bfd', path: at, message: bfd, hint }];
    }
    if (port >= 1024) return [];
    const message = `port ${port} is one of the system's own (under 1024)`;
    return [
      {
        code: 'port-low',
        severity: 'warning',
        path: at,
        message,
        hint: `listenPort: ${free(FIRST - 1)}, or another from 1024 up`,
      },
    ];
  });
}
