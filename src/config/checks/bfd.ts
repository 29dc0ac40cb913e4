// Checks BFD for settings that have harmed meshes. A session that ends also ends the OSPF adjacency, and removes all its routes.
import type { BfdSession } from '../../model/types.ts';
import type { Path } from '../locate.ts';
import type { Problem } from '../problem.ts';
import { timersOf } from '../resolve/resolve.ts';
import type { OspfLink, Resolved } from '../resolve/types.ts';
import { isSpoken } from './family-carried.ts';

/** Milliseconds. A tunnel crosses the internet, where a short congestion can delay packets for longer. */
const TUNNEL_INTERVAL = 300;
const LEAST_MULTIPLIER = 3;

const AT_BOTH_ENDS = 'bfd: {interval: 500, multiplier: 5}, at both ends';

function ofLink(link: OspfLink): Problem[] {
  const { bfd, stub } = link.ospf.model;
  if (bfd === undefined) return [];
  const path = [...link.ospf.path, 'bfd'];
  if (stub) {
    const message = 'a stub link has no neighbour for BFD';
    return [{ code: 'bfd-stub', severity: 'warning', path, message, hint: 'stub or bfd, not both' }];
  }
  if (!isSpoken(link)) {
    const message = `no OSPF is spoken over ${link.name}, which has no address for it, so BFD has nobody to watch`;
    const hint = `an address for ${link.name}, or no bfd`;
    return [{ code: 'bfd-unspoken', severity: 'warning', path, message, hint }];
  }
  return timeChecks(link, path, bfd);
}

function timeChecks({ tunnel, ospf }: OspfLink, path: Path, bfd: BfdSession): Problem[] {
  const { minRxInterval: rx, minTxInterval: tx, multiplier } = bfd;
  const problems: Problem[] = [];
  if (tunnel && Math.min(rx, tx) < TUNNEL_INTERVAL) {
    const message = `a packet each ${Math.min(rx, tx)} ms is too often for a tunnel over the internet: meshes lost adjacencies without a reason`;
    problems.push({ code: 'bfd-fast', severity: 'warning', path, message, hint: AT_BOTH_ENDS });
  }
  if (multiplier < LEAST_MULTIPLIER) {
    const lost = `${multiplier} lost packet${multiplier === 1 ? '' : 's'}`;
    const message = `after ${lost} the adjacency ends, and all routes through it go`;
    problems.push({ code: 'bfd-multiplier', severity: 'warning', path, message, hint: 'multiplier: 5' });
  }
  const { dead } = timersOf(ospf);
  const seconds = (Math.max(rx, tx) * multiplier) / 1000;
  if (seconds >= dead) {
    const message = `BFD detects a dead link after ${seconds} s, no sooner than OSPF's own dead interval of ${dead} s`;
    problems.push({ code: 'bfd-slow', severity: 'warning', path, message, hint: `${AT_BOTH_ENDS}; or no bfd` });
  }
  return problems;
}

export const bfdChecks = ({ ospfLinks }: Resolved): Problem[] => ospfLinks.flatMap(ofLink);
