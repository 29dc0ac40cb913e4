// `show ospf neighbors [NAME]` (1013; proto/ospf/ospf.c ospf_sh_neigh) of BIRD 1.6, 2 and 3: a block for each OSPF protocol.
import { codes } from '../reply-codes.ts';
import type { BirdReply } from '../../types.ts';

export interface OspfNeighbors {
  readonly protocol: string;
  /** false: it is disabled, or not up yet */
  readonly up: boolean;
  /** in BIRD's order */
  readonly neighbors: readonly OspfNeighbor[];
}

export interface OspfNeighbor {
  readonly routerId: string;
  /** for OSPFv3 a link-local address */
  readonly address: string;
  readonly interface: string;
  /** `Full`, `Init`, `ExStart`, ... (RFC 2328, 10.1) */
  readonly state: string;
  /** `PtP`, `DR`, `BDR`, `Other` */
  readonly role: string;
  /** seconds until BIRD declares the neighbour dead */
  readonly deadTimer: number;
}

/** Empty if BIRD knows no such protocol (9001). */
export function parseNeighbors({ lines }: BirdReply): OspfNeighbors[] {
  const blocks: (OspfNeighbors & { neighbors: OspfNeighbor[] })[] = [];
  for (const { code, text } of lines) {
    if (code !== codes.ospfNeighbors) continue;
    const [, protocol, words] = /^(\w+):(.*)$/.exec(text) ?? [];
    if (protocol !== undefined) blocks.push({ protocol, up: words?.trim() === '', neighbors: [] });
    const neighbor = parseNeighbor(text);
    if (neighbor !== undefined) blocks.at(-1)?.neighbors.push(neighbor);
  }
  return blocks;
}

function parseNeighbor(line: string): OspfNeighbor | undefined {
  const [routerId = '', priority = '', state = '', deadTimer = '', name = '', address] = line.trim().split(/\s+/);
  if (!/^\d+(\.\d+){3}$/.test(routerId) || !/^\d+$/.test(priority) || address === undefined) return undefined;
  const [word = '', role = ''] = state.split('/');
  return { routerId, address, interface: name, state: word, role, deadTimer: seconds(deadTimer) };
}

/** `7.874` seconds in BIRD 2 and 3, `00:07` in BIRD 1.6. */
function seconds(text: string): number {
  const [first, second] = text.split(':');
  return second === undefined ? Number(first) : Number(first) * 60 + Number(second);
}
