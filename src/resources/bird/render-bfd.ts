// The BFD protocol of bird.conf: the times, for links whose OSPF asks for BFD. It has the sessions of both families. Pure.
import type { BfdSession, RouterModel } from '../../model/types.ts';
import { meshLinks } from '../tags.ts';
import { block, protocol } from './lines.ts';
import { vrfLine } from './render-tables.ts';

const options = (bfd: BfdSession): string[] => [
  `min rx interval ${bfd.minRxInterval} ms;`,
  `min tx interval ${bfd.minTxInterval} ms;`,
  `idle tx interval ${bfd.idleTxInterval} ms;`,
  `multiplier ${bfd.multiplier};`,
];

/** Links with the same times share a clause. */
export function bfdSection(model: RouterModel): string[] {
  const groups = new Map<string, { names: string[]; lines: string[] }>();
  for (const { name, ospf } of meshLinks(model)) {
    if (ospf?.bfd === undefined || ospf.stub) continue;
    const lines = options(ospf.bfd);
    const group = groups.get(lines.join()) ?? { names: [], lines };
    group.names.push(name);
    groups.set(lines.join(), group);
  }
  if (groups.size === 0) return [];
  return [
    '# `ospf.bfd` of interfaces and tunnels.',
    ...protocol('bfd bfd1', [
      ...vrfLine(model),
      ...[...groups.values()].flatMap(({ names, lines }) =>
        block(`interface ${names.map((name) => `"${name}"`).join(', ')}`, lines),
      ),
    ]),
  ];
}
