// Checks `mesh.transit` and `mesh.exit`, which open paths on purpose: they must open what the operator expects.
import { containsPrefix, formatPrefix } from '../../net/ip.ts';
import { nestedPrefixes } from '../../net/overlap.ts';
import type { Problem } from '../problem.ts';
import { isList, listed, type Resolved } from '../resolve/types.ts';
import type { MeshSaid } from '../said.ts';

function transitProblems({ prefixes }: Resolved, { transit, exit }: MeshSaid): Problem[] {
  if (!isList(transit)) return [];
  if (exit === 'allow') {
    return [
      {
        code: 'transit-beside-exit',
        path: ['mesh', 'transit'],
        message: 'an exit is open to all of mesh.prefixes: a transit network adds nothing',
        hint: 'transit: none, or exit: deny',
      },
    ];
  }
  const list = listed(transit);
  const outside = list.filter(({ prefix }) => prefixes?.some((p) => containsPrefix(p, prefix)) === false);
  const twice = nestedPrefixes(list.map(({ prefix }) => prefix)).flatMap(([outer, inner]) => {
    const [a, b] = [list[outer], list[inner]];
    return a === undefined || b === undefined ? [] : [{ a, b }];
  });
  return [
    ...outside.map(({ index, prefix }): Problem => ({
      code: 'transit-outside-mesh',
      path: ['mesh', 'transit', index],
      message: `${formatPrefix(prefix)} is not inside mesh.prefixes, so it is not a network of the mesh`,
      hint: `a network inside ${prefixes?.map(formatPrefix).join(' or ') ?? 'mesh.prefixes'}`,
    })),
    ...twice.map(({ a, b }): Problem => ({
      code: 'transit-nested',
      severity: 'warning',
      path: ['mesh', 'transit', b.index],
      message: `${formatPrefix(b.prefix)} is already inside ${formatPrefix(a.prefix)}`,
      hint: 'the list without it',
    })),
  ];
}

/** Rules do not track connections: a path open in one direction is open in both. */
function openWayBack({ transit, exit, firewall }: MeshSaid): Problem[] {
  if (firewall === 'nftables' || (exit !== 'allow' && !isList(transit))) return [];
  const [path, who, cure] =
    exit === 'allow'
      ? (['exit', 'the underlay reaches every host of the mesh through this exit', 'answers in'] as const)
      : (['transit', 'what comes from these networks reaches all of the underlay', 'answers out'] as const);
  return [
    {
      code: 'open-way-back',
      severity: 'warning',
      path: ['mesh', path],
      message: `by rules alone ${who}, also by connections of its own`,
      hint: `firewall: nftables, which lets only ${cure}`,
    },
  ];
}

/** Without isolation, or in a mode without a path to open, src/config/checks/isolation.ts has the message. */
export function transitChecks(resolved: Resolved): Problem[] {
  const { mesh } = resolved.said;
  if (mesh === undefined || mesh.table === 'main' || mesh.isolation === 'netns') return [];
  return [...transitProblems(resolved, mesh), ...openWayBack(mesh)];
}
