// The interfaces of the mesh, including its VRF device; every other one belongs to the underlay. The name of a tunnel, dummy or
// VRF device counts unless a foreign link (without our mark) has it. The name of an `existing` local interface always counts. Pure.
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
