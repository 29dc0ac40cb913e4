// A Status in one line: the first of `wgospf status`, and what `systemctl status` shows.
import { count } from '../net/units.ts';
import type { Status } from './types.ts';

/** Routes that OSPF brought; without BIRD there are none. */
const learned = (s: Status): number => s.routes.find((r) => r.protocol === 'bird')?.count ?? 0;

function syncWord(s: Status): string {
  if (s.inSync === undefined) return 'sync unknown';
  if (s.inSync) return 'in sync';
  return s.pending === 0 ? 'not in sync' : `not in sync (${count(s.pending ?? 0, 'operation')} pending)`;
}

/** `3/3 tunnels up, 3/3 adjacencies Full, 464 routes, in sync` */
export function statusSummary(s: Status): string {
  const up = s.tunnels.filter((t) => t.state === 'up').length;
  const idle = s.tunnels.filter((t) => t.state === 'idle').length;
  const expected = s.adjacencies.filter((a) => a.expectedFull);
  const full = expected.filter((a) => a.state === 'Full').length;
  return [
    `${up}/${s.tunnels.length} tunnels up${idle === 0 ? '' : ` (${idle} idle)`}`,
    `${full}/${expected.length} adjacencies Full`,
    count(learned(s), 'route'),
    syncWord(s),
  ].join(', ');
}
