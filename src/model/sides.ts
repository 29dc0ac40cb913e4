// The namespace of the mesh, and the part of the model on each side of `isolation: netns`. Pure.
import { MAIN_TABLE } from '../net/names.ts';
import type { RouterModel } from './types.ts';

/** The network namespace of the mesh's links, addresses and routes; '' if it is the host's own. */
export const placeOf = ({ mesh }: RouterModel): string => (mesh.isolation === 'netns' ? mesh.table.name : '');

/** The name of the mesh's VRF device, '' if it has none. */
export const vrfOf = ({ mesh }: RouterModel): string => (mesh.isolation === 'vrf' && !mesh.main ? mesh.table.name : '');

/**
 * The model of the inside of the namespace: a host with only the mesh, in its main table, so without rules and guards.
 * undefined if the mesh has no namespace of its own.
 */
export function insideModel(model: RouterModel): RouterModel | undefined {
  if (placeOf(model) === '') return undefined;
  return {
    ...model,
    // the interfaces that accept router advertisements are looked for outside
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
