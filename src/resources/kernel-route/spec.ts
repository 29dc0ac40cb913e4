// What the kernel itself routes for the addresses of a mesh link, and makes once, with the address or as the link comes up:
// connected networks, and in a VRF's table the addresses too. One object for each link. What is not there is `missing`.
import type { RouteInfo } from '../../host/types.ts';
import { formatPrefix } from '../../net/ip.ts';

export interface KernelRouteSpec {
  readonly link: string;
  /** in the order in which they can be made: the source of a network must be a local address by then (fib_valid_prefsrc) */
  readonly missing: readonly RouteInfo[];
  /** ones that we put back, of an address that is gone */
  readonly stale: readonly RouteInfo[];
}

export const kernelRouteKey = ({ link }: KernelRouteSpec): string => link;

const texts = (routes: readonly RouteInfo[]): string => routes.map(({ dst }) => formatPrefix(dst)).join(', ');

export const kernelRouteFields = ({ missing, stale }: KernelRouteSpec): Record<'missing' | 'stale', string> => ({
  missing: texts(missing),
  stale: texts(stale),
});
