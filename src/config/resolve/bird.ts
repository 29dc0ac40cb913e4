// Makes the model's part of `bird:`. Pure.
import { DEFAULT_BIRD, NETNS_BIRD, secretsFileOf } from '../../model/defaults.ts';
import type { AreaNetwork, BirdModel, BirdSecret, OspfArea, OspfExport, OspfInstance } from '../../model/types.ts';
import { compareText } from '../../net/compare-text.ts';
import { formatPrefix } from '../../net/ip.ts';
import { canonicalArea } from '../../net/ospf-area.ts';
import type { AreaSaid, InstanceSaid, Said } from '../said.ts';
import { dialectOf } from './dialect.ts';
import { distinct, entriesOf, isList, listed } from './types.ts';
import type { Instance, Resolved, SourceOf } from './types.ts';

/** A network of an area, given as a text or as a map; undefined if it could not be read. */
export function areaNetwork(said: NonNullable<AreaSaid['networks']>[number]): AreaNetwork | undefined {
  if (said === undefined || !('prefix' in said))
    return said && 'family' in said ? { prefix: said, hidden: false } : undefined;
  return said.prefix && { prefix: said.prefix, hidden: said.hidden ?? false };
}

const areaNetworks = (said: AreaSaid['networks'] = []): AreaNetwork[] =>
  said
    .flatMap((network) => areaNetwork(network) ?? [])
    .sort((a, b) => compareText(formatPrefix(a.prefix), formatPrefix(b.prefix)));

const resolveArea = (id: string, said: AreaSaid): OspfArea => ({
  id,
  type: said.type ?? 'normal',
  summary: said.summary,
  defaultCost: said.defaultCost,
  defaultNssa: said.defaultNssa,
  translator: said.translator,
  networks: areaNetworks(said.networks),
  external: areaNetworks(said.external),
});

/** BIRD accepts no instance without an area, so the default area exists even without a link. */
function resolveAreas({ said, area }: Instance, used: readonly string[]): OspfArea[] {
  const areas = new Map(entriesOf(said.areas).map(([id, one]) => [canonicalArea(id) ?? id, one]));
  const ids = new Set([...areas.keys(), ...used]);
  if (ids.size === 0) ids.add(area);
  return [...ids].sort((a, b) => Number(a) - Number(b)).map((id) => resolveArea(id, areas.get(id) ?? {}));
}

function resolveExport(said: InstanceSaid['export'] = 'none'): OspfExport {
  if (said === 'none' || said === 'connected') return { kind: said };
  if (!isList(said)) return said.filter === undefined ? { kind: 'none' } : { kind: 'filter', name: said.filter };
  const prefixes = distinct(listed(said).map(({ prefix }) => prefix));
  return prefixes.length === 0 ? { kind: 'none' } : { kind: 'prefixes', prefixes };
}

function resolveLimit(said: InstanceSaid['importLimit']): OspfInstance['importLimit'] {
  const { routes, action = 'block' } = typeof said === 'number' ? { routes: said } : (said ?? {});
  return routes === undefined ? undefined : { routes, action };
}

const resolveInstance = (instance: Instance, { ospfLinks }: Resolved, sourceOf: SourceOf): OspfInstance => ({
  name: instance.name,
  area: instance.area,
  areas: resolveAreas(
    instance,
    ospfLinks.flatMap(({ ospf }) => (ospf.instance === instance ? ospf.model.area : [])),
  ),
  export: resolveExport(instance.said.export),
  importLimit: resolveLimit(instance.said.importLimit),
  stubRouter: instance.said.stubRouter ?? false,
  ipv4: instance.ipv4,
  ipv6: instance.ipv6,
  tunnelPattern: instance.said.tunnelPattern,
  source: sourceOf(instance.path),
});

/** The default files belong to the BIRD outside; a mesh in a namespace has a BIRD with its own files. */
function birdFiles({ bird, mesh }: Said): Pick<BirdModel, 'configFile' | 'controlSocket' | 'secretsFile'> {
  const file = (key: 'configFile' | 'controlSocket'): string => {
    const said = bird?.[key] ?? DEFAULT_BIRD[key];
    return mesh?.isolation === 'netns' && said === DEFAULT_BIRD[key] ? NETNS_BIRD[key] : said;
  };
  const configFile = file('configFile');
  return { configFile, controlSocket: file('controlSocket'), secretsFile: secretsFileOf(configFile) };
}

export function resolveBird(resolved: Resolved, sourceOf: SourceOf): BirdModel {
  const { said, birdVersion: version, constants } = resolved;
  const { include, kernel } = said.bird ?? {};
  const [main, ...others] = resolved.instances.map((instance) => resolveInstance(instance, resolved, sourceOf));
  return {
    version,
    dialect: dialectOf(version),
    instances: [...(main === undefined ? [] : [main]), ...others.sort((a, b) => compareText(a.name, b.name))],
    secrets: [...constants]
      .map(([file, constant]): BirdSecret => ({ constant, file }))
      .sort((a, b) => compareText(a.constant, b.constant)),
    ...birdFiles(said),
    include,
    snippets: [],
    kernelMetric: kernel?.metric ?? DEFAULT_BIRD.metric,
    persist: kernel?.persist ?? DEFAULT_BIRD.persist,
    scanTime: kernel?.scanTime ?? DEFAULT_BIRD.scanTime,
    source: sourceOf(['bird']),
  };
}
