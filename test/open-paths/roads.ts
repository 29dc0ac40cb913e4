// What of a host decides where packets go, kept as it is at one moment; equal ones are asked once.
import type { RouteInfo } from '../../src/host/types.ts';
import type { RouterModel } from '../../src/model/types.ts';
import { BIRD_PROTOCOL, LINK_MARK, MAIN_TABLE } from '../../src/net/names.ts';
import { parsePrefix } from '../../src/net/ip.ts';
import type { FakeState } from '../fakes/fake-state.ts';

export interface Roads {
  readonly key: string;
  readonly state: FakeState;
}

const isForwarding = ([name]: [string, string]): boolean => name.endsWith('.forwarding');

/** A copy of the one namespace: what is changed in place is copied, all else is replaced as a whole. */
const copyOf = (state: FakeState, outside: FakeState | undefined): FakeState => ({
  ...state,
  links: new Map([...state.links].map(([name, link]) => [name, { ...link }])),
  addresses: state.addresses.map((address) => ({ ...address })),
  routes: [...state.routes],
  rules: [...state.rules],
  sysctls: new Map([...state.sysctls].filter(isForwarding)),
  wg: new Map([...state.wg].map(([name, device]) => [name, { ...device, peers: new Map(device.peers) }])),
  namespaces: new Map(),
  outside,
});

export function roadsOf(state: FakeState): FakeState {
  const copy = copyOf(state, undefined);
  for (const [name, inside] of state.namespaces) copy.namespaces.set(name, copyOf(inside, copy));
  return copy;
}

/** Where a tunnel sends to decides nothing here: the file's endpoints are asked for as well. */
export function keyOf(state: FakeState): string {
  const of = ({ links, addresses, routes, rules, sysctls }: FakeState): unknown => [
    [...links.values()],
    addresses,
    routes,
    rules,
    [...sysctls].filter(isForwarding),
  ];
  return JSON.stringify([of(state), [...state.namespaces].map(([name, inside]) => [name, of(inside)])]);
}

const LEARNT = ['0.0.0.0/0', '10.69.77.0/24', '10.70.77.0/24', '::/0', 'fd42:69:77::/64'];

/** BIRD's own metric in the kernel's tables, which wins over our `unreachable` default */
const METRIC = 64;

function learntBy(state: FakeState, tables: readonly number[], names: ReadonlySet<string>): RouteInfo[] {
  const carriers = [...state.links.values()].filter(
    ({ name, alias, up, kind }) => up && kind !== 'vrf' && (names.has(name) || alias.split(' ')[0] === LINK_MARK),
  );
  const networks = LEARNT.flatMap((text) => parsePrefix(text) ?? []).filter(({ family }) => family === 4 || state.ipv6);
  return carriers.slice(0, 1).flatMap(({ name: dev }) =>
    tables.flatMap((table) =>
      networks.map((dst): RouteInfo => ({
        ...{ table, type: 'unicast', dst, metric: METRIC, protocol: BIRD_PROTOCOL, dev, via: undefined },
      })),
    ),
  );
}

/**
 * The same with what BIRD learns over the mesh, a default among it, in the tables of these models; undefined where no link of the
 * mesh is up that it could learn by.
 */
export function withBird(state: FakeState, models: readonly RouterModel[]): FakeState | undefined {
  const own = models.filter(({ mesh }) => !mesh.main);
  const names = new Set(models.flatMap(({ interfaces }) => interfaces.map(({ name }) => name)));
  const tables = new Set(own.filter(({ mesh }) => mesh.isolation !== 'netns').map(({ mesh }) => mesh.table.id));
  const outer = learntBy(state, [...tables], names);
  const inner = [...state.namespaces].map(([name, inside]) => {
    const routes = learntBy(inside, [MAIN_TABLE], names);
    return { name, inside, routes };
  });
  if (outer.length + inner.flatMap(({ routes }) => routes).length === 0) return undefined;
  const copy: FakeState = { ...state, routes: [...state.routes, ...outer], namespaces: new Map() };
  for (const { name, inside, routes } of inner)
    copy.namespaces.set(name, { ...inside, outside: copy, routes: [...inside.routes, ...routes] });
  return copy;
}
