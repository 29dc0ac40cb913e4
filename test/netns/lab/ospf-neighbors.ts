// Reads `birdc show ospf neighbors` (BIRD 2 doc/reply_codes: 1013), one row for each neighbour.

export interface OspfNeighbor {
  readonly routerId: string;
  /** `Full/PtP` */
  readonly state: string;
  readonly dev: string;
  readonly address: string;
}

const row = /^(\d+\.\d+\.\d+\.\d+)\s+\d+\s+(\S+)\s+\S+\s+(\S+)\s+(\S+)$/;

export const ospfNeighbors = (text: string): OspfNeighbor[] =>
  text.split('\n').flatMap((line) => {
    const [, routerId, state, dev, address] = row.exec(line.trim()) ?? [];
    return routerId && state && dev && address ? [{ routerId, state, dev, address }] : [];
  });
