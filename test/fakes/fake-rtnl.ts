// rtnetlink of the fake host: the only file in which its parts meet the interface.
import type { Rtnetlink } from '../../src/host/types.ts';
import { hostError, type FakeState } from './fake-state.ts';
import type { Sync } from './instrument.ts';
import { addAddress, deleteAddress } from './fake-addresses.ts';
import { addLink, deleteLink, setLink } from './fake-links.ts';
import { lookUpAll } from './fake-fib.ts';
import { addRoute, deleteRoute, listRoutes } from './fake-routes.ts';
import { addRule, deleteRule } from './fake-rules.ts';

export function fakeRtnetlink(state: FakeState): Sync<Rtnetlink> {
  return {
    links: () =>
      [...state.links.values()].map(({ index, name, kind, up, mtu, alias, master, table }) => ({
        ...{ index, name, kind, up, mtu, alias, master },
        ...(table === undefined ? {} : { table }),
      })),
    addresses: () =>
      state.addresses.map(({ dev, prefix, peer, protocol, duplicate }) => ({
        ...{ dev, prefix, peer, protocol },
        ...(duplicate === undefined ? {} : { duplicate }),
      })),
    routes: (of) => listRoutes(state, of),
    // the kernel lists one family after the other
    rules: () => [...state.rules.filter((r) => r.family === 4), ...state.rules.filter((r) => r.family === 6)],
    addLink: (link) => void addLink(state, link),
    setLink: (name, change) => setLink(state, name, change),
    deleteLink: (name) => deleteLink(state, name),
    addAddress: (address) => addAddress(state, address),
    deleteAddress: (address) => deleteAddress(state, address),
    addRoute: (route) => {
      // only the shell makes such routes
      if (route.hops !== undefined || route.nexthop !== undefined) throw hostError('add route', 'EINVAL');
      addRoute(state, route);
    },
    deleteRoute: (route) => deleteRoute(state, route),
    addRule: (rule) => addRule(state, rule),
    deleteRule: (rule) => deleteRule(state, rule),
    lookUp: (queries) => lookUpAll(state, queries),
    supportsLinkKind: (kind) => kind === 'dummy' || (kind === 'vrf' ? state.vrf : state.kernelWireguard),
    close: () => undefined,
  };
}
