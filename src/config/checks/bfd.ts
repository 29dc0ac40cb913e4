// BFD: what hurt meshes that had it. A session that ends takes the OSPF adjacency along, and all routes through it.
import { BIRD_HELLO, DEFAULT_BFD } from '../../model/defaults.ts';
import type { Draft } from '../draft.ts';
import type { Path } from '../locate.ts';
import type { Problem } from '../problem.ts';
import { isSpoken } from './family-carried.ts';
import { ospfLinksOf, type OspfLinkEntry } from './ospf-links.ts';

/** A tunnel crosses the internet, where a moment's congestion holds packets back for longer than this. */
const TUNNEL_INTERVAL = 300;
const LEAST_MULTIPLIER = 3;

type Bfd = NonNullable<OspfLinkEntry['said']['bfd']>;

const AT_BOTH_ENDS = 'bfd: {interval: 500, multiplier: 5}, at both ends';

function ofLink(draft: Draft, entry: OspfLinkEntry): Problem[] {
  const { link, path: ospf, said } = entry;
  if (said.bfd === undefined || said.bfd === false) return [];
  const path = [...ospf, 'bfd'];
  if (said.stub === true || (link.dummy && said.stub !== false)) {
    const message = 'a stub link has no neighbour, so BFD has nobody to speak to';
    return [{ code: 'bfd-stub', severity: 'warning', path, message, hint: 'stub or bfd, not both' }];
  }
  if (!isSpoken(draft, entry)) {
    const message = `no OSPF is spoken over ${link.name}, which has no address for it, so BFD has nobody to watch`;
    const hint = `an address for ${link.name}, or no bfd`;
    return [{ code: 'bfd-unspoken', severity: 'warning', path, message, hint }];
  }
  return timeChecks(entry, path, said.bfd);
}

function timeChecks({ link, said }: OspfLinkEntry, path: Path, bfd: Bfd): Problem[] {
  const times = timesOf(bfd);
  const problems: Problem[] = [];
  if (link.tunnel && times.least < TUNNEL_INTERVAL) {
    const message = `a packet each ${times.least} ms is more than the internet keeps up with: meshes lost adjacencies for nothing by it`;
    problems.push({ code: 'bfd-fast', severity: 'warning', path, message, hint: AT_BOTH_ENDS });
  }
  if (times.multiplier < LEAST_MULTIPLIER) {
    const lost = `${times.multiplier} lost packet${times.multiplier === 1 ? '' : 's'}`;
    const message = `after ${lost} the adjacency ends, and all routes through it go`;
    problems.push({ code: 'bfd-multiplier', severity: 'warning', path, message, hint: 'multiplier: 5' });
  }
  const dead = said.dead ?? (said.hello ?? BIRD_HELLO) * 4;
  const seconds = (times.most * times.multiplier) / 1000;
  if (seconds >= dead) {
    const message = `BFD tells of a dead link after ${seconds} s, no sooner than OSPF's own dead interval of ${dead} s`;
    problems.push({ code: 'bfd-slow', severity: 'warning', path, message, hint: `${AT_BOTH_ENDS}; or no bfd` });
  }
  return problems;
}

interface Times {
  /** of the two intervals, milliseconds */
  readonly least: number;
  readonly most: number;
  readonly multiplier: number;
}

function timesOf(said: Bfd): Times {
  const bfd = typeof said === 'object' ? said : {};
  const rx = bfd.minRxInterval ?? bfd.interval ?? DEFAULT_BFD.minRxInterval;
  const tx = bfd.minTxInterval ?? bfd.interval ?? DEFAULT_BFD.minTxInterval;
  return { least: Math.min(rx, tx), most: Math.max(rx, tx), multiplier: bfd.multiplier ?? DEFAULT_BFD.multiplier };
}

export const bfdChecks = (draft: Draft): Problem[] => ospfLinksOf(draft).flatMap((link) => ofLink(draft, link));
