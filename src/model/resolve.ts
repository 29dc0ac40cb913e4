// State -> RouterModel: defaults, names to numbers, canonical texts. Total on a State that passed every check of
// src/config/checks; pure.
import { compareText } from '../net/compare-text.ts';
import { MAIN_TABLE } from '../net/names.ts';
import { canonicalArea } from '../net/ospf-area.ts';
import { routerIdOf } from '../net/router-id.ts';
import { prefixes } from './prefixes.ts';
import type { ResolveContext } from './resolve-context.ts';
import { resolveInterface, resolveTunnel } from './resolve-link.ts';
import type { State } from './state.ts';
import type { RouterModel } from './types.ts';

const byName = (a: { name: string }, b: { name: string }): number => compareText(a.name, b.name);

function routerId(router: State['router']): string {
  return router.id ?? routerIdOf(router.node ?? 0, router.instance ?? 1) ?? '';
}

function resolveMesh(state: State, { sourceOf }: ResolveContext): RouterModel['mesh'] {
  const { table, isolation, priorities } = state.mesh;
  return {
    table: table === 'main' ? { name: 'main', id: MAIN_TABLE } : { name: table.name, id: table.id },
    main: table === 'main',
    isolation,
    prefixes: prefixes(state.mesh.prefixes),
    priorities: { ...priorities },
    source: sourceOf(['mesh']),
  };
}

function resolveBird({ bird }: State, { sourceOf }: ResolveContext): RouterModel['bird'] {
  return {
    area: canonicalArea(bird.ospf.area) ?? '0',
    export: bird.ospf.export === 'none' ? [] : prefixes(bird.ospf.export),
    kernelMetric: bird.kernel.metric,
    persist: bird.kernel.persist,
    scanTime: bird.kernel.scanTime,
    configFile: bird.configFile,
    controlSocket: bird.controlSocket,
    source: sourceOf(['bird']),
  };
}

export function resolve(state: State, context: ResolveContext): RouterModel {
  const { env, generation, sourceOf } = context;
  const { backend } = state.wireguard;
  return {
    generation,
    routerId: routerId(state.router),
    env,
    mesh: resolveMesh(state, context),
    interfaces: Object.entries(state.interfaces)
      .map(([name, said]) => resolveInterface(name, said, context))
      .sort(byName),
    tunnels: Object.entries(state.tunnels)
      .map(([name, said]) => resolveTunnel(name, said, state, context))
      .sort(byName),
    wireguard: {
      backend: backend === 'auto' ? (env.kernelWireguard ? 'kernel' : 'userspace') : backend,
      source: sourceOf(['wireguard']),
    },
    bird: resolveBird(state, context),
  };
}
