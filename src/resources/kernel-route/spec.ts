// The routes that the kernel makes for the addresses of a mesh link, once, with the address or when the link comes up: connected
// networks, and in a VRF's table also the addresses. One object for each link. The routes that do not exist are `missing`.
import type { RouteInfo } from '../../host/types.ts';
import { formatPrefix } from '../../net/ip.ts';

export interface KernelRouteSpec {
  readonly link: string;
  /** in the order in which they can be made: the source of a network's route must already be a local address (fib_valid_prefsrc) */
  readonly missing: readonly RouteInfo[];
  /** routes that we put back, of an address that is gone */
  readonly stale: readonly RouteInfo[];
}

export const kernelRouteKey = ({ link }: KernelRouteSpec): string => link;

const texts = (routes: readonly RouteInfo[]): string => routes.map(({ dst }) => formatPrefix(dst)).join(', ');

export const kernelRouteFields = ({ missing, stale }: KernelRouteSpec): Record<'missing' | 'stale', string> => ({
  missing: texts(missing),
  stale: texts(stale),
});
