// Networks that this router originates into the mesh.
import { containsPrefix, formatPrefix } from '../../net/ip.ts';
import type { Draft } from '../draft.ts';
import type { Problem } from '../problem.ts';
import { indexed, meshPrefixes } from './links.ts';

export function exportChecks(draft: Draft): Problem[] {
  const said = draft.bird?.ospf?.export;
  if (!Array.isArray(said)) return [];
  const mesh = draft.mesh?.table === 'main' ? undefined : meshPrefixes(draft);
  const seen = new Set<string>();
  return indexed(said as readonly (string | undefined)[]).flatMap(({ index, prefix }): Problem[] => {
    const text = formatPrefix(prefix);
    const path = ['bird', 'ospf', 'export', index];
    if (seen.has(text))
      return [{ code: 'prefix-twice', path, message: `${text} is there twice`, hint: 'each network once' }];
    seen.add(text);
    if (mesh === undefined || mesh.some((p) => containsPrefix(p, prefix))) return [];
    return [
      {
        code: 'export-outside-mesh',
        severity: 'warning',
        path,
        message: `the mesh will send traffic for ${text} here, but it lies in none of mesh.prefixes: the guards refuse it unless a route in the mesh's table leads on`,
        hint: `a network of the mesh, or ${text} in mesh.prefixes too`,
      },
    ];
  });
}
