// The filter for routes of main: main may also contain all routes of the internet. All readers use the same filter, so that the
// kernel lists the table once. Pure.
import { LINK_LOCAL } from '../net/link-local.ts';
import { MAIN_TABLE } from '../net/names.ts';
import type { Prefix } from '../net/ip.ts';
import { vrfOf } from './sides.ts';
import type { RouterModel } from './types.ts';

export interface MainRoutes {
  readonly table: number;
  readonly touching: { readonly inside: readonly Prefix[]; readonly devs: readonly string[]; readonly defaults: true };
}

/** Routes to networks of the mesh and to link-local ones, routes over interfaces of the mesh, and default routes. */
export function mainRoutes(model: RouterModel): MainRoutes {
  const devs = [...model.interfaces, ...model.tunnels].map(({ name }) => name).concat(vrfOf(model) || []);
  return {
    table: MAIN_TABLE,
    touching: { inside: [...model.mesh.prefixes, LINK_LOCAL], devs, defaults: true },
  };
}
