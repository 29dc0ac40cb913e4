// Renders `bird:` and each link's `ospf:` as in a state file, with every default written out.
import { formatPrefix } from '../net/ip.ts';
import { MAIN_INSTANCE } from './defaults.ts';
import type {
  AreaNetwork,
  BirdModel,
  OspfArea,
  OspfAuthentication,
  OspfExport,
  OspfInstance,
  OspfInterface,
} from './types.ts';

/** Without the fields that have no value. */
export const present = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

function authentication(said: OspfAuthentication | undefined): unknown {
  if (said === undefined) return undefined;
  if (said.type === 'simple') return { type: said.type, passwordFile: said.passwordFile };
  return { type: said.type, keys: said.keys.map((key) => present({ ...key, constant: undefined })) };
}

export function resolvedOspf(o: OspfInterface | undefined): unknown {
  if (o === undefined) return false;
  const instance = o.instance === MAIN_INSTANCE ? undefined : o.instance;
  const area = Number(o.area);
  return present({ ...o, authentication: authentication(o.authentication), bfd: o.bfd ?? false, area, instance });
}

const networks = (list: readonly AreaNetwork[]): unknown =>
  list.length === 0 ? undefined : list.map(({ prefix, hidden }) => ({ prefix: formatPrefix(prefix), hidden }));

const area = (said: OspfArea): unknown =>
  present({ ...said, id: undefined, networks: networks(said.networks), external: networks(said.external) });

function exported(said: OspfExport): unknown {
  switch (said.kind) {
    case 'none':
    case 'connected':
      return said.kind;
    case 'prefixes':
      return said.prefixes.map(formatPrefix);
    case 'filter':
      return { filter: said.name };
  }
}

const instance = (i: OspfInstance): Record<string, unknown> =>
  present({
    area: Number(i.area),
    areas: Object.fromEntries(i.areas.map((a) => [a.id, area(a)])),
    export: exported(i.export),
    importLimit: i.importLimit,
    stubRouter: i.stubRouter,
    ipv4: i.ipv4,
    ipv6: i.ipv6,
    tunnelPattern: i.tunnelPattern,
  });

export function resolvedBird(b: BirdModel): Record<string, unknown> {
  const [main, ...others] = b.instances;
  return present({
    version: b.version,
    ospf: main && instance(main),
    instances: Object.fromEntries(others.map((other) => [other.name, instance(other)])),
    include: b.include,
    kernel: { metric: b.kernelMetric, persist: b.persist, scanTime: b.scanTime },
    configFile: b.configFile,
    controlSocket: b.controlSocket,
  });
}
