// Checks the isolation of the mesh: which settings of `mesh:` go together, and what the host needs for them.
import { isInterfaceName } from '../../net/names.ts';
import type { HostEnv } from '../../model/types.ts';
import type { Problem } from '../problem.ts';
import type { Resolved } from '../resolve/types.ts';
import type { MeshSaid, Said } from '../said.ts';

/** Settings of `mesh:` that isolate something, with the values without an effect. */
const KEEPERS = [
  ['isolation', ['table']],
  ['transit', ['none']],
  ['exit', ['deny']],
  ['firewall', ['none', 'auto']],
  ['match', ['iif']],
] as const;

/** With `table: main` nothing is isolated, so no setting can open a path either. */
function mainProblems(mesh: MeshSaid): Problem[] {
  const works = ([word, idle]: (typeof KEEPERS)[number]): boolean =>
    mesh[word] !== undefined && !(idle as readonly unknown[]).includes(mesh[word]);
  return KEEPERS.filter(works).map(([word, [idle]]) => ({
    code: 'isolation-in-main',
    path: ['mesh', word],
    message: `in table main the mesh is not separated, so \`${word}\` has no effect`,
    hint: `table: {name: nycmesh, id: 2}, or ${word}: ${idle}`,
  }));
}

/** A namespace has no path to the underlay, and only a table has the rules that a mark can replace. */
function modeProblems({ isolation, transit, exit, match }: MeshSaid): Problem[] {
  const found: Problem[] = [];
  if (isolation === 'netns') {
    const open = [...(Array.isArray(transit) ? ['transit'] : []), ...(exit === 'allow' ? ['exit'] : [])];
    for (const word of open) {
      found.push({
        code: 'no-way-out',
        path: ['mesh', word],
        message: `a network namespace has no interface of the underlay, so there is no path for \`${word}\` to open`,
        hint: `isolation: table or vrf, or ${word === 'exit' ? 'exit: deny' : 'transit: none'}`,
      });
    }
  }
  if (match === 'mark' && isolation !== undefined && isolation !== 'table') {
    found.push({
      code: 'match-needs-table',
      path: ['mesh', 'match'],
      message: `a mark replaces the rules per interface, but isolation ${isolation} has none`,
      hint: 'match: iif, or isolation: table',
    });
  }
  return found;
}

/** The device of a VRF and the file of a namespace have the table's name. */
function nameProblems(said: Said, mesh: MeshSaid): Problem[] {
  const { table, isolation } = mesh;
  const name = table === 'main' ? undefined : table?.name;
  if (name === undefined || isolation !== 'vrf') return [];
  const problem = (message: string): Problem => ({
    code: 'vrf-name',
    path: ['mesh', 'table', 'name'],
    message,
    hint: 'nycmesh, or another name of at most 15 characters that no interface has',
  });
  if (!isInterfaceName(name)) {
    return [problem(`the VRF device bears the table's name, and \`${name}\` (${name.length} characters) is too long`)];
  }
  const section = (['interfaces', 'tunnels'] as const).find((one) => Object.hasOwn(said[one] ?? {}, name));
  if (section !== undefined) return [problem(`the VRF device bears the table's name, and ${section}.${name} has it`)];
  // names that sysctl reserves
  return name === 'all' || name === 'lo' ? [problem(`\`${name}\` can be no name of a VRF device`)] : [];
}

function vrfMissing({ isolation }: MeshSaid, env: HostEnv): Problem[] {
  if (isolation !== 'vrf' || env.vrf !== false) return [];
  return [
    {
      code: 'vrf-missing',
      path: ['mesh', 'isolation'],
      message: 'this kernel has no VRF devices (CONFIG_NET_VRF)',
      hint: "isolation: table, or a kernel with them, such as Debian's own",
    },
  ];
}

/** The kernel evaluates the rules of each interface for a forwarded packet in turn: docs/adr/0003 has the cost of a hundred. */
const MANY_TUNNELS = 50;

function manyTunnels({ tunnels }: Said, { isolation = 'table', match = 'iif' }: MeshSaid, env: HostEnv): Problem[] {
  const count = Object.keys(tunnels ?? {}).length;
  if (count < MANY_TUNNELS || isolation !== 'table' || match !== 'iif' || env.vrf === false) return [];
  return [
    {
      code: 'many-tunnels',
      severity: 'warning',
      path: ['mesh', 'isolation'],
      message: `with ${count} tunnels the kernel compares a forwarded packet with up to ${count} rules before its own, in a VRF with one`,
      hint: 'isolation: vrf, or match: mark',
    },
  ];
}

export function isolationChecks({ said, env }: Resolved): Problem[] {
  const { mesh } = said;
  if (mesh === undefined) return [];
  if (mesh.table === 'main') return mainProblems(mesh);
  return [
    ...modeProblems(mesh),
    ...nameProblems(said, mesh),
    ...vrfMissing(mesh, env),
    ...manyTunnels(said, mesh, env),
  ];
}
