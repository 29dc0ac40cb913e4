// Which routes of main a look at the host is about: main may hold the whole internet beside them. All ask the same, so that the
// kernel goes through it once. Pure.
import { LINK_LOCAL } from '../net/link-local.ts';
import { MAIN_TABLE } from '../net/names.ts';
import type { Prefix } from '../net/ip.ts';
import { vrfOf } from './sides.ts';
import type { RouterModel } from './types.ts';

export interface MainRoutes {
  readonly table: number;
  readonly touching: { readonly inside: readonly Prefix[]; readonly devs: readonly string[]; readonly defaults: true };
}

/** To networks of the mesh and link-local ones, by interfaces of the mesh, and default routes. */
export function mainRoutes(model: RouterModel): MainRoutes {
  const devs = [...model.interfaces, ...model.tunnels].map(({ name }) => name).concat(vrfOf(model) || []);
  return {
    table: MAIN_TABLE,
    touching: { inside: [...model.mesh.prefixes, LINK_LOCAL], devs, defaults: true },
  };
}
