// The interfaces of the mesh, its VRF device among them; every other one is the underlay's. A link that shall be ours is the
// mesh's by our mark and not by its name; a local interface of the file is another's by design, and is by its name. Pure.
import type { LinkInfo } from '../host/types.ts';
import { vrfOf } from '../model/sides.ts';
import type { RouterModel } from '../model/types.ts';
import { isMarked } from '../net/names.ts';

export function meshNames(model: RouterModel, links: readonly LinkInfo[]): ReadonlySet<string> {
  const foreign = new Set(links.filter((link) => !isMarked(link)).map(({ name }) => name));
  const made = [...model.tunnels, ...model.interfaces.filter(({ kind }) => kind === 'dummy')].map(({ name }) => name);
  return new Set([
    ...model.interfaces.filter(({ kind }) => kind === 'existing').map(({ name }) => name),
    ...[...made, vrfOf(model)].filter((name) => name !== '' && !foreign.has(name)),
  ]);
}
