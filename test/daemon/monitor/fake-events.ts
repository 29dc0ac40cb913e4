// The kernel's messages about a change of the fake host: the differences between its listings before and after.
import type { KernelEvent, SettingInfo } from '../../../src/host/monitor-types.ts';
import type { FakeHost } from '../../fakes/fake-host.ts';

interface Listing {
  readonly links: Awaited<ReturnType<FakeHost['rtnl']['links']>>;
  readonly addresses: Awaited<ReturnType<FakeHost['rtnl']['addresses']>>;
  readonly routes: Awaited<ReturnType<FakeHost['rtnl']['routes']>>;
  readonly rules: Awaited<ReturnType<FakeHost['rtnl']['rules']>>;
  readonly settings: readonly SettingInfo[];
}

const announced = /^net\.ipv[46]\..*\.(forwarding|rp_filter)$|^net\.ipv4\.ip_forward$/;

export async function listing({ rtnl, sysctl, state }: FakeHost): Promise<Listing> {
  const names = [...state.sysctls.keys()].filter((name) => announced.test(name));
  const settings = await Promise.all(names.map(async (name) => ({ name, value: (await sysctl.read(name)) ?? '' })));
  return {
    links: await rtnl.links(),
    addresses: await rtnl.addresses(),
    routes: await rtnl.routes(),
    rules: await rtnl.rules(),
    settings: settings.filter(({ value }) => value !== ''),
  };
}

function changes<T>(
  before: readonly T[],
  after: readonly T[],
): { readonly gone: readonly T[]; readonly come: readonly T[] } {
  const texts = (all: readonly T[]): Set<string> => new Set(all.map((one) => JSON.stringify(one)));
  const [old, now] = [texts(before), texts(after)];
  return {
    gone: before.filter((one) => !now.has(JSON.stringify(one))),
    come: after.filter((one) => !old.has(JSON.stringify(one))),
  };
}

const tell = (
  kind: 'address' | 'route' | 'rule',
  before: readonly object[],
  after: readonly object[],
): KernelEvent[] => {
  const { gone, come } = changes(before, after);
  return [
    ...gone.map((object) => ({ kind, action: 'deleted', object }) as KernelEvent),
    ...come.map((object) => ({ kind, action: 'new', object }) as KernelEvent),
  ];
};

/** IPv4 routes that go with their link, its up flag or its last address cause no message (net/ipv4/fib_frontend.c). */
const goesSilently = ({ dev, dst }: Listing['routes'][number], { links, addresses }: Listing): boolean =>
  dst.family === 4 &&
  dev !== '' &&
  !(
    links.some((link) => link.name === dev && link.up) &&
    addresses.some((address) => address.dev === dev && address.prefix.family === 4)
  );

export function eventsBetween(before: Listing, after: Listing): KernelEvent[] {
  const links = changes(before.links, after.links);
  const there = new Set(after.links.map(({ name }) => name));
  const routes = before.routes.filter((route) => !goesSilently(route, after));
  // those of a new link are reported before its name is
  const old = new Set(before.settings.map(({ name }) => name));
  const settings = changes(before.settings, after.settings).come.filter(({ name }) => old.has(name));
  return [
    ...tell('address', before.addresses, after.addresses),
    ...tell('route', routes, after.routes),
    ...tell('rule', before.rules, after.rules),
    // the message about a changed link has its new state, and nothing of the old one
    ...links.gone
      .filter(({ name }) => !there.has(name))
      .map((object): KernelEvent => ({ kind: 'link', action: 'deleted', object })),
    ...links.come.map((object): KernelEvent => ({ kind: 'link', action: 'new', object })),
    ...settings.map((object): KernelEvent => ({ kind: 'setting', action: 'new', object })),
  ];
}
