import type { Desired } from '../../engine/types.ts';
import type { RouterModel } from '../../model/types.ts';
import { vrfOf } from '../../model/sides.ts';
import { meshLinks } from '../tags.ts';
import type { MasterSpec } from './spec.ts';

/** Every mesh link is in the mesh's VRF, if there is one. This kind sets the master of a link, and never makes or deletes links. */
export function desiredMasters(model: RouterModel): Desired<MasterSpec>[] {
  const vrf = vrfOf(model);
  if (vrf === '') return [];
  return meshLinks(model).map(({ name, source }) => ({
    spec: { link: name, vrf, table: model.mesh.table.id, up: true },
    source,
    borrowed: true,
  }));
}
