// Checks the networks that this router announces to the mesh.
import { containsPrefix, formatPrefix } from '../../net/ip.ts';
import type { Path } from '../locate.ts';
import type { Problem } from '../problem.ts';
import { isList, listed, type Instance, type Resolved } from '../resolve/types.ts';
import type { Said } from '../said.ts';
import { orInMesh } from './mesh-prefixes.ts';

function ofInstance(
  { said: file, prefixes }: Resolved,
  { path: instance, said: { export: said } }: Instance,
): Problem[] {
  if (typeof said === 'object' && !isList(said)) return filterChecks(file, [...instance, 'export']);
  const mesh = file.mesh?.table === 'main' ? undefined : prefixes;
  const seen = new Set<string>();
  return listed(said).flatMap(({ index, prefix }): Problem[] => {
    const text = formatPrefix(prefix);
    const path = [...instance, 'export', index];
    if (seen.has(text))
      return [{ code: 'prefix-twice', path, message: `${text} is listed twice`, hint: 'each network once' }];
    seen.add(text);
    // with an exit, the mesh may use every network of main
    if (mesh === undefined || file.mesh?.exit === 'allow' || mesh.some((p) => containsPrefix(p, prefix))) return [];
    return [
      {
        code: 'export-outside-mesh',
        severity: 'warning',
        path,
        message: `the mesh will send traffic for ${text} here, but it is not inside mesh.prefixes: the guards refuse it unless the mesh table has a route for it`,
        hint: orInMesh('a network of the mesh', prefix),
      },
    ];
  });
}

/** Whether a snippet contains the filter is checked when the snippets are read. */
function filterChecks({ bird }: Said, path: Path): Problem[] {
  if (bird === undefined || Object.hasOwn(bird, 'include')) return [];
  const message = 'a filter is named, but bird.include names no file that could contain it';
  return [
    {
      code: 'filter-unknown',
      path: [...path, 'filter'],
      message,
      hint: 'include: /etc/wgospf/bird.d/*.conf under `bird`',
    },
  ];
}

export const exportChecks = (resolved: Resolved): Problem[] =>
  resolved.instances.flatMap((instance) => ofInstance(resolved, instance));
