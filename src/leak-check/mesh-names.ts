// The interfaces of the mesh by name, its VRF device among them; every other one is the underlay's. Pure.
import { vrfOf } from '../model/sides.ts';
import type { RouterModel } from '../model/types.ts';

export const meshNames = (model: RouterModel): ReadonlySet<string> =>
  new Set([
    ...[...model.interfaces, ...model.tunnels].map(({ name }) => name),
    ...[vrfOf(model)].filter((name) => name !== ''),
  ]);
