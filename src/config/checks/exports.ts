// Networks that this router originates into the mesh.
import { containsPrefix, formatPrefix } from '../../net/ip.ts';
import type { Draft } from '../draft.ts';
import type { Path } from '../locate.ts';
import type { Problem } from '../problem.ts';
import { indexed, meshPrefixes } from './links.ts';
import { orInMesh } from './mesh-prefixes.ts';
import { instancesOf, type InstanceEntry } from './ospf-links.ts';

function ofInstance(draft: Draft, { path: instance, said: { export: said } }: InstanceEntry): Problem[] {
  if (typeof said === 'object' && !Array.isArray(said)) return filterChecks(draft, [...instance, 'export']);
  if (!Array.isArray(said)) return [];
  const mesh = draft.mesh?.table === 'main' ? undefined : meshPrefixes(draft);
  const seen = new Set<string>();
  return indexed(said as readonly (string | undefined)[]).flatMap(({ index, prefix }): Problem[] => {
    const text = formatPrefix(prefix);
    const path = [...instance, 'export', index];
    if (seen.has(text))
      return [{ code: 'prefix-twice', path, message: `${text} is there twice`, hint: 'each network once' }];
    seen.add(text);
    // an exit leads the mesh on to all that main knows
    if (mesh === undefined || draft.mesh?.exit === 'allow' || mesh.some((p) => containsPrefix(p, prefix))) return [];
    return [
      {
        code: 'export-outside-mesh',
        severity: 'warning',
        path,
        message: `the mesh will send traffic for ${text} here, but it lies in none of mesh.prefixes: the guards refuse it unless a route in the mesh's table leads on`,
        hint: orInMesh('a network of the mesh', prefix),
      },
    ];
  });
}

/** Whether a snippet has the filter is seen when they are read. */
function filterChecks(draft: Draft, path: Path): Problem[] {
  if (draft.bird === undefined || Object.hasOwn(draft.bird, 'include')) return [];
  const message = 'a filter is named, but bird.include names no file that could hold it';
  return [
    {
      code: 'filter-unknown',
      path: [...path, 'filter'],
      message,
      hint: 'include: /etc/wgospf/bird.d/*.conf under `bird`',
    },
  ];
}

export const exportChecks = (draft: Draft): Problem[] =>
  instancesOf(draft).flatMap((instance) => ofInstance(draft, instance));
