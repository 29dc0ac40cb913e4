import type { Desired } from '../../engine/types.ts';
import type { RouterModel } from '../../model/types.ts';
import { vrfOf } from '../../model/sides.ts';
import { meshLinks } from '../tags.ts';
import type { MasterSpec } from './spec.ts';

/** Every link of the mesh is in its VRF, where it has one. What a link belongs to is set and never its link made or deleted. */
export function desiredMasters(model: RouterModel): Desired<MasterSpec>[] {
  const vrf = vrfOf(model);
  if (vrf === '') return [];
  return meshLinks(model).map(({ name, source }) => ({
    spec: { link: name, vrf, table: model.mesh.table.id, up: true },
    source,
    borrowed: true,
  }));
}
