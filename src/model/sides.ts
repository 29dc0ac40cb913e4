// Where the mesh lives, and what of the model is on which side of `isolation: netns`. Pure.
import { MAIN_TABLE } from '../net/names.ts';
import type { RouterModel } from './types.ts';

/** The network namespace of the mesh's links, addresses and routes; '' where that is the host's own. */
export const placeOf = ({ mesh }: RouterModel): string => (mesh.isolation === 'netns' ? mesh.table.name : '');

/** The name of the mesh's VRF device, '' where it has none. */
export const vrfOf = ({ mesh }: RouterModel): string => (mesh.isolation === 'vrf' && !mesh.main ? mesh.table.name : '');

/**
 * The model as the inside of the namespace sees it: a host that has the mesh alone, in its main table, and so has neither
 * rules nor guards. undefined where the mesh has no namespace of its own.
 */
export function insideModel(model: RouterModel): RouterModel | undefined {
  if (placeOf(model) === '') return undefined;
  return {
    ...model,
    // interfaces that take router advertisements were looked for outside
    env: { ...model.env, acceptsRa: [] },
    mesh: {
      ...model.mesh,
      isolation: 'table',
      main: true,
      table: { name: 'main', id: MAIN_TABLE },
      transit: [],
      exit: false,
      match: 'iif',
    },
  };
}
