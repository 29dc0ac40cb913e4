// The interfaces of the mesh by name, its VRF device among them; every other one is the underlay's. Pure.
import type { RouterModel } from '../model/types.ts';

/** '' where it has none */
export const vrfName = ({ mesh }: RouterModel): string =>
  mesh.isolation === 'vrf' && !mesh.main ? mesh.table.name : '';

export const meshNames = (model: RouterModel): ReadonlySet<string> =>
  new Set([
    ...[...model.interfaces, ...model.tunnels].map(({ name }) => name),
    ...[vrfName(model)].filter((name) => name !== ''),
  ]);
