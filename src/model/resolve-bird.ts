// `bird:` of the state file -> its place in the model. Pure; total on what passed the checks.
import { compareText } from '../net/compare-text.ts';
import { formatPrefix } from '../net/ip.ts';
import { canonicalArea } from '../net/ospf-area.ts';
import { DEFAULT_BIRD, MAIN_INSTANCE, NETNS_BIRD, secretsFileOf } from './defaults.ts';
import { birdVersion, dialectOf } from './dialect.ts';
import { prefix, prefixes } from './prefixes.ts';
import type { LinkContext } from './resolve-context.ts';
import type { AreaNetworkState, AreaState, OspfInstanceState, State } from './state.ts';
import type { AreaNetwork, BirdModel, BirdSecret, OspfArea, OspfExport, OspfInstance, OspfInterface } from './types.ts';

const NORMAL: AreaState = { type: 'normal' };

/** A prefix that is said twice counts once, as the checks have it. */
function areaNetworks(said: readonly AreaNetworkState[] = []): AreaNetwork[] {
  return said
    .map((n) => (typeof n === 'string' ? { prefix: prefix(n), hidden: false } : { ...n, prefix: prefix(n.prefix) }))
    .sort((a, b) => compareText(formatPrefix(a.prefix), formatPrefix(b.prefix)));
}

const resolveArea = (id: string, said: AreaState): OspfArea => ({
  id,
  type: said.type,
  summary: said.summary,
  defaultCost: said.defaultCost,
  defaultNssa: said.defaultNssa,
  translator: said.translator,
  networks: areaNetworks(said.networks),
  external: areaNetworks(said.external),
});

/** BIRD takes no instance without an area, so the default one is there even when no link is. */
function resolveAreas(said: OspfInstanceState, used: readonly string[]): OspfArea[] {
  const areas = new Map(Object.entries(said.areas).map(([id, area]) => [canonicalArea(id) ?? id, area]));
  const ids = new Set([...areas.keys(), ...used]);
  if (ids.size === 0) ids.add(canonicalArea(said.area) ?? '0');
  return [...ids].sort((a, b) => Number(a) - Number(b)).map((id) => resolveArea(id, areas.get(id) ?? NORMAL));
}

const isList = (value: unknown): value is readonly string[] => Array.isArray(value);

function resolveExport(said: OspfInstanceState['export']): OspfExport {
  if (said === 'none' || said === 'connected') return { kind: said };
  if (isList(said)) return said.length === 0 ? { kind: 'none' } : { kind: 'prefixes', prefixes: prefixes(said) };
  return { kind: 'filter', name: said.filter };
}

function resolveInstance(
  name: string,
  said: OspfInstanceState,
  links: readonly OspfInterface[],
  { ospf, sourceOf }: LinkContext,
): OspfInstance {
  const used = links.filter(({ instance }) => instance === name).map(({ area }) => area);
  const limit = said.importLimit;
  return {
    name,
    area: canonicalArea(said.area) ?? '0',
    areas: resolveAreas(said, used),
    export: resolveExport(said.export),
    importLimit: typeof limit === 'number' ? { routes: limit, action: 'block' } : limit,
    stubRouter: said.stubRouter,
    ipv4: said.ipv4,
    ipv6: ospf.ipv6.has(name),
    tunnelPattern: said.tunnelPattern,
    source: sourceOf(name === MAIN_INSTANCE ? ['bird', 'ospf'] : ['bird', 'instances', name]),
  };
}

/** What the file leaves as it is by default belongs to the BIRD outside; with a namespace of its own the mesh has another. */
function birdFiles({ bird, mesh }: State): Pick<BirdModel, 'configFile' | 'controlSocket' | 'secretsFile'> {
  const file = (key: 'configFile' | 'controlSocket'): string =>
    mesh.isolation === 'netns' && bird[key] === DEFAULT_BIRD[key] ? NETNS_BIRD[key] : bird[key];
  const configFile = file('configFile');
  return { configFile, controlSocket: file('controlSocket'), secretsFile: secretsFileOf(configFile) };
}

export function resolveBird(state: State, links: readonly OspfInterface[], context: LinkContext): BirdModel {
  const { bird } = state;
  const version = birdVersion(bird.version, context.env.bird);
  const [main, ...others] = [...context.ospf.instances].map(([name, said]) =>
    resolveInstance(name, said, links, context),
  );
  return {
    version,
    dialect: dialectOf(version),
    instances: [...(main === undefined ? [] : [main]), ...others.sort((a, b) => compareText(a.name, b.name))],
    secrets: [...context.ospf.constants]
      .map(([file, constant]): BirdSecret => ({ constant, file }))
      .sort((a, b) => compareText(a.constant, b.constant)),
    ...birdFiles(state),
    include: bird.include,
    snippets: [],
    kernelMetric: bird.kernel.metric,
    persist: bird.kernel.persist,
    scanTime: bird.kernel.scanTime,
    source: context.sourceOf(['bird']),
  };
}
