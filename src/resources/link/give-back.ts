// What a borrowed link gets back when the file no longer names it: the values that are still ours, and that nobody else needs now.
import type { HostReader } from '../../host/reader.ts';
import type { AddressInfo, LinkInfo, RouteInfo } from '../../host/types.ts';
import { formatPrefix } from '../../net/ip.ts';
import { isLinkLocal } from '../../net/link-local.ts';
import { BIRD_PROTOCOL, WGOSPF_PROTOCOL } from '../../net/names.ts';
import { isAsSet } from '../set-notes.ts';
import { setMtu, type Found, type LinkSpec } from './spec.ts';

/** The links and addresses of the host, and the routes over the links in question. */
export interface Uses {
  readonly links: readonly LinkInfo[];
  readonly addresses: readonly AddressInfo[];
  readonly routes: readonly RouteInfo[];
}

export async function usesOfLinks({ rtnl }: HostReader, names: readonly string[]): Promise<Uses> {
  const [links, addresses, ...routes] = await Promise.all([
    rtnl.links(),
    rtnl.addresses(),
    ...names.map((dev) => rtnl.routes({ dev })),
  ]);
  return { links, addresses, routes: routes.flat() };
}

/** RTPROT_KERNEL, RTPROT_RA and IFAPROT_KERNEL_*: the kernel makes these because of what we and others do. */
const KERNEL_ROUTES: readonly number[] = [2, 9];
const KERNEL_ADDRESSES: readonly number[] = [1, 2, 3];

/** Who would lose something if the link went down, as text; undefined if nobody is found. */
export function userOf(name: string, { links, addresses, routes }: Uses): string | undefined {
  const link = links.find((one) => one.name === name);
  const master = links.find((one) => one.name === link?.master);
  if (master !== undefined && master.kind !== 'vrf') return `it belongs to ${master.name}`;
  const upper = links.find((one) => one.up && one.name.startsWith(`${name}.`));
  if (upper !== undefined) return `${upper.name} is on it`;
  const address = addresses.find(
    ({ dev, protocol, prefix }) =>
      dev === name && ![WGOSPF_PROTOCOL, ...KERNEL_ADDRESSES].includes(protocol) && !isLinkLocal(prefix.address),
  );
  if (address !== undefined) return `${formatPrefix(address.prefix)} is on it`;
  const route = routes.find(
    ({ dev, hops, type, protocol }) =>
      (hops ?? [{ dev }]).some((hop) => hop.dev === name) &&
      type === 'unicast' &&
      ![WGOSPF_PROTOCOL, BIRD_PROTOCOL, ...KERNEL_ROUTES].includes(protocol),
  );
  return route && `a route to ${formatPrefix(route.dst)} leads over it`;
}

/** The spec that the link gets back. */
export function givenBack(spec: LinkSpec, before: Found, notes: ReadonlyMap<string, string>, uses: Uses): LinkSpec {
  const user = spec.up && !before.up && spec.netns === '' ? userOf(spec.name, uses) : undefined;
  const isOurMtu = spec.mtu === before.mtu || isAsSet(notes, setMtu(spec.name), String(spec.mtu)) === true;
  const stays = [
    ...(user === undefined ? [] : [`it stays up: ${user}`]),
    ...(isOurMtu ? [] : [`its MTU stays ${spec.mtu ?? ''}: somebody set it so since`]),
  ];
  return {
    ...{ ...spec, kind: 'existing' },
    up: before.up || user !== undefined,
    mtu: isOurMtu ? before.mtu : spec.mtu,
    ...(stays.length === 0 ? {} : { stays: stays.join('; ') }),
  };
}
