// Adds or deletes single routes and changes nothing else of the link: no address, no link state, no session of BIRD or WireGuard.
import type { Change, Operation } from '../../engine/types.ts';
import type { RouteInfo } from '../../host/types.ts';
import { formatPrefix } from '../../net/ip.ts';
import { KERNEL_PROTOCOL, MAIN_TABLE } from '../../net/names.ts';
import { linkRef } from '../tags.ts';
import type { KernelRouteSpec } from './spec.ts';

export interface KernelRoutePayload {
  readonly do: 'add' | 'delete';
  readonly route: RouteInfo;
}

type KernelRouteOperation = Operation<KernelRoutePayload>;

function command(verb: 'add' | 'del', { dst, type, dev, table, metric, protocol, src }: RouteInfo): string {
  // several links have routes to one such network, each its own
  const shared = verb === 'add' && isShared(dst.address);
  const plain = metric === (dst.family === 4 ? 0 : 1024);
  const words = [
    `ip ${dst.family === 6 ? '-6 ' : ''}route ${shared ? 'append' : verb}`,
    ...(type === 'unicast' ? [] : [type]),
    ...[formatPrefix(dst), 'dev', dev, 'table', table === MAIN_TABLE ? 'main' : String(table)],
    ...(plain ? [] : ['metric', String(metric)]),
    ...(src === undefined ? [] : ['src', src]),
    ...['proto', protocol === KERNEL_PROTOCOL ? 'kernel' : String(protocol)],
  ];
  return words.join(' ');
}

const isShared = (address: string): boolean => address === 'fe80::' || address === 'ff00::';

const operation = (link: string, verb: 'add' | 'delete', route: RouteInfo): KernelRouteOperation => ({
  kind: 'kernel-route',
  key: link,
  stage: verb === 'add' ? 'route-add' : 'route-remove',
  action: 'update',
  requires: [linkRef(link)],
  command: command(verb === 'add' ? 'add' : 'del', route),
  impact: 'none',
  payload: { do: verb, route },
});

/** The kernel itself makes the routes of a new link. */
export function planKernelRoutes(change: Change<KernelRouteSpec>): KernelRouteOperation[] {
  if (change.type !== 'update') return [];
  const { link, missing, stale } = change.observed.spec;
  const { source } = change.desired;
  return [
    ...missing.map((route) => operation(link, 'add', route)),
    ...stale.map((route) => operation(link, 'delete', route)),
  ].map((one) => ({ ...one, source }));
}
