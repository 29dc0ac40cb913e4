// BFD: what hurt meshes that had it. A session that ends takes the OSPF adjacency along, and all routes through it.
import { BIRD_HELLO, DEFAULT_BFD } from '../../model/defaults.ts';
import type { Draft } from '../draft.ts';
import type { Problem } from '../problem.ts';
import { ospfLinksOf, type OspfLinkEntry } from './ospf-links.ts';

/** A tunnel crosses the internet, where a moment's congestion holds packets back for longer than this. */
const TUNNEL_INTERVAL = 300;
const LEAST_MULTIPLIER = 3;

const warning = (code: string, path: Problem['path'], message: string, hint: string): Problem => ({
  code,
  severity: 'warning',
  path,
  message,
  hint,
});

function ofLink({ link, path, said }: OspfLinkEntry): Problem[] {
  if (said.bfd === undefined || said.bfd === false) return [];
  const bfd = said.bfd === true ? {} : said.bfd;
  const at = [...path, 'bfd'];
  if (said.stub === true || (link.dummy && said.stub !== false)) {
    return [
      warning('bfd-stub', at, 'a stub link has no neighbour, so BFD has nobody to speak to', 'stub or bfd, not both'),
    ];
  }
  const rx = bfd.minRxInterval ?? bfd.interval ?? DEFAULT_BFD.minRxInterval;
  const tx = bfd.minTxInterval ?? bfd.interval ?? DEFAULT_BFD.minTxInterval;
  const multiplier = bfd.multiplier ?? DEFAULT_BFD.multiplier;
  const [least, most] = [Math.min(rx, tx), Math.max(rx, tx)];
  const problems: Problem[] = [];
  if (link.tunnel && least < TUNNEL_INTERVAL) {
    const message = `a packet each ${least} ms is more than the internet keeps up with: meshes lost adjacencies for nothing by it`;
    problems.push(warning('bfd-fast', at, message, 'bfd: {interval: 500, multiplier: 5}, at both ends'));
  }
  if (multiplier < LEAST_MULTIPLIER) {
    const message = `after ${multiplier} lost packet${multiplier === 1 ? '' : 's'} the adjacency ends, and all routes through it go`;
    problems.push(warning('bfd-multiplier', at, message, 'multiplier: 5'));
  }
  const dead = said.dead ?? (said.hello ?? BIRD_HELLO) * 4;
  if (most * multiplier >= dead * 1000) {
    const seconds = (most * multiplier) / 1000;
    const message = `BFD tells of a dead link after ${seconds} s, no sooner than OSPF's own dead interval of ${dead} s`;
    problems.push(warning('bfd-slow', at, message, 'bfd: {interval: 500, multiplier: 5}, or no bfd'));
  }
  return problems;
}

export const bfdChecks = (draft: Draft): Problem[] => ospfLinksOf(draft).flatMap(ofLink);
