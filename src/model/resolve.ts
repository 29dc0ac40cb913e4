// State -> RouterModel: defaults, names to numbers, canonical texts. Total on a State that passed every check of
// src/config/checks; pure.
import { compareText } from '../net/compare-text.ts';
import { MAIN_TABLE } from '../net/names.ts';
import { routerIdOf } from '../net/router-id.ts';
import { ospfContext } from './ospf-context.ts';
import { prefixes } from './prefixes.ts';
import { resolveBird } from './resolve-bird.ts';
import type { LinkContext, ResolveContext } from './resolve-context.ts';
import { resolveInterface, resolveTunnel } from './resolve-link.ts';
import type { State } from './state.ts';
import type { RouterModel } from './types.ts';

const byName = (a: { name: string }, b: { name: string }): number => compareText(a.name, b.name);

function routerId(router: State['router']): string {
  return router.id ?? routerIdOf(router.node ?? 0, router.instance ?? 1) ?? '';
}

function resolveMesh(state: State, { sourceOf }: ResolveContext): RouterModel['mesh'] {
  const { table, isolation, transit, exit, firewall, match, priorities } = state.mesh;
  const all = prefixes(state.mesh.prefixes);
  const said = transit === 'none' ? [] : prefixes(transit);
  return {
    table: table === 'main' ? { name: 'main', id: MAIN_TABLE } : { name: table.name, id: table.id },
    main: table === 'main',
    isolation,
    prefixes: all,
    transit: exit === 'allow' ? all : said,
    exit: exit === 'allow',
    firewall,
    match,
    priorities: { ...priorities },
    source: sourceOf(['mesh']),
  };
}

export function resolve(state: State, context: ResolveContext): RouterModel {
  const { env, generation, sourceOf } = context;
  const { backend, setup } = state.wireguard;
  const links: LinkContext = { ...context, ospf: ospfContext(state, env, context.folder) };
  const interfaces = Object.entries(state.interfaces).map(([name, said]) => resolveInterface(name, said, links));
  const tunnels = Object.entries(state.tunnels).map(([name, said]) => resolveTunnel(name, said, state, links));
  return {
    generation,
    routerId: routerId(state.router),
    env,
    mesh: resolveMesh(state, context),
    interfaces: interfaces.sort(byName),
    tunnels: tunnels.sort(byName),
    wireguard: {
      backend: backend === 'auto' ? (env.kernelWireguard ? 'kernel' : 'userspace') : backend,
      setup,
      source: sourceOf(['wireguard']),
    },
    bird: resolveBird(
      state,
      [...interfaces, ...tunnels].flatMap(({ ospf }) => ospf ?? []),
      links,
    ),
  };
}
