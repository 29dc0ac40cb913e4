// Every tunnel listens on a UDP port of its own.
import type { Draft } from '../draft.ts';
import type { Problem } from '../problem.ts';
import { tunnelsOf } from './links.ts';

export function portChecks(draft: Draft): Problem[] {
  const tunnels = tunnelsOf(draft);
  const taken = new Set(tunnels.map((t) => t.said.listenPort));
  const first = new Map<number, string>();
  const free = (from: number): number => {
    let port = from + 1;
    while (taken.has(port)) port++;
    return port <= 65535 ? port : 51820;
  };
  return tunnels.flatMap(({ name, path, said: { listenPort: port } }): Problem[] => {
    if (port === undefined) return [];
    const at = [...path, 'listenPort'];
    const before = first.get(port);
    if (before !== undefined) {
      const message = `UDP port ${port} is already taken by ${before}; WireGuard opens one port an interface`;
      return [
        {
          code: 'port-twice',
          path: at,
          message,
          hint: `listenPort: ${free(port)}, and the same in the far end's endpoint`,
        },
      ];
    }
    first.set(port, name);
    if (port >= 1024) return [];
    const message = `port ${port} is one of the system's own (under 1024)`;
    return [
      { code: 'port-low', severity: 'warning', path: at, message, hint: 'listenPort: 51825, or any from 1024 up' },
    ];
  });
}
