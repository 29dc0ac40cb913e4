// Reads BIRD's reply to `show ospf neighbors` (code 1013; proto/ospf/ospf.c ospf_sh_neigh_info of BIRD 2).
import type { BirdReply } from '../host/types.ts';
import type { Neighbor, OspfFacts } from './types.ts';

/** `7.874` seconds in BIRD 2 and 3, `00:07` in BIRD 1.6. */
function seconds(text: string): number {
  const [first, second] = text.split(':');
  return second === undefined ? Number(first) : Number(first) * 60 + Number(second);
}

function neighbor(line: string): Neighbor | undefined {
  const [routerId, priority, state, deadTimer, name, address] = line.trim().split(/\s+/);
  if (!/^\d+(\.\d+){3}$/.test(routerId ?? '') || !/^\d+$/.test(priority ?? '') || address === undefined)
    return undefined;
  const [word = '', role = ''] = (state ?? '').split('/');
  return {
    routerId: routerId ?? '',
    address,
    interface: name ?? '',
    state: word,
    role,
    deadTimer: seconds(deadTimer ?? ''),
  };
}

/** Neighbours in BIRD's order, or why there can be none. `protocol` is the name that was asked for. */
export function parseNeighbors(reply: BirdReply, protocol: string): OspfFacts {
  if (reply.code >= 9000) {
    return { up: false, reason: `BIRD runs a configuration without protocol ${protocol}: run 'wgospf apply'` };
  }
  if (reply.code >= 8000) return { up: false, reason: `BIRD refused: ${reply.lines.at(-1)?.text ?? ''}` };
  const lines = reply.lines.filter((l) => l.code === 1013).flatMap((l) => l.text.split('\n'));
  if (lines.some((l) => l.includes('is not up'))) {
    return { up: false, reason: `protocol ${protocol} is switched off in BIRD: birdc enable ${protocol}` };
  }
  return { up: true, neighbors: lines.map(neighbor).filter((n) => n !== undefined) };
}
