// Named network namespaces of the fake host: each has its own state, but shares the files, notes and BIRD of the host.
import { batched } from '../../src/host/batch.ts';
import type { Host, NetworkNamespaces, Wireguard } from '../../src/host/types.ts';
import { addLink, deleteLink, setLink } from './fake-links.ts';
import { fakeNft } from './fake-nft.ts';
import { fakeRtnetlink } from './fake-rtnl.ts';
import { defaultRules } from './fake-rules.ts';
import { type FakeState, followClock, hostError } from './fake-state.ts';
import { fakeSysctl, initSysctls } from './fake-sysctl.ts';
import { fakeWireguard, startUserspace } from './fake-wg.ts';
import type { CallWatch, Sync } from './instrument.ts';
import { instrument } from './instrument.ts';

export function addNamespace(state: FakeState, name: string): void {
  if (state.namespaces.has(name)) throw hostError(`add network namespace ${name}`, 'EEXIST');
  const outside = state.outside ?? state;
  const inside: FakeState = {
    ...outside,
    ...{ links: new Map(), addresses: [], routes: [], rules: defaultRules(state.ipv6), sysctls: new Map() },
    ...{ wg: new Map(), userspace: new Set(), nft: new Map(), nextIndex: 1, vrfRules: false, outside },
  };
  followClock(inside, outside);
  initSysctls(inside);
  addLink(inside, { name: 'lo', kind: '', mtu: 65536 });
  setLink(inside, 'lo', { up: true });
  state.namespaces.set(name, inside);
}

/** default_device_exit_net: hardware returns to the first namespace, virtual links are deleted. */
export function deleteNamespace(state: FakeState, name: string): void {
  const inside = state.namespaces.get(name);
  if (inside === undefined) throw hostError(`delete network namespace ${name}`, 'ENOENT');
  for (const link of [...inside.links.values()]) {
    if (link.name === 'lo') continue;
    if (link.kind === '') setLink(inside, link.name, { netns: '' });
    else if (inside.links.has(link.name)) deleteLink(inside, link.name);
  }
  state.namespaces.delete(name);
}

/** wireguard-go is started outside, because of its socket, and its tun device is moved inside. */
function startInside(inside: FakeState, name: string, dev: string): void {
  if (inside.userspace.has(dev)) return;
  startUserspace(inside.outside ?? inside, dev);
  setLink(inside.outside ?? inside, dev, { netns: name });
}

/** Calls inside have names like `inside.rtnl.addRoute`. @param shared the parts that an inside shares with the outside */
export function fakeNamespaces(
  state: FakeState,
  watch: CallWatch,
  shared: () => Omit<Host, 'rtnl' | 'wg' | 'sysctl' | 'nft'>,
): NetworkNamespaces {
  // the same object as long as the namespace exists
  const entered = new WeakMap<FakeState, Host>();
  const enter = (name: string): Host | undefined => {
    const inside = state.namespaces.get(name);
    if (inside === undefined) return undefined;
    const known = entered.get(inside);
    if (known !== undefined) return known;
    const wg: Sync<Wireguard> = {
      ...fakeWireguard(inside),
      startUserspace: (dev: string) => startInside(inside, name, dev),
    };
    const host = {
      ...shared(),
      rtnl: batched(instrument('inside.rtnl', fakeRtnetlink(inside), watch)),
      wg: instrument('inside.wg', wg, watch),
      sysctl: batched(instrument('inside.sysctl', fakeSysctl(inside), watch)),
      nft: instrument('inside.nft', fakeNft(inside), watch),
    };
    entered.set(inside, host);
    return host;
  };
  const own = instrument<Omit<NetworkNamespaces, 'enter'>>(
    'netns',
    {
      list: () => [...state.namespaces.keys()].toSorted(),
      add: (name) => addNamespace(state, name),
      delete: (name) => deleteNamespace(state, name),
    },
    watch,
  );
  return { ...own, enter: (name) => Promise.resolve(enter(name)) };
}
