// `show route` (1007) and `show route count` (0014, 1007; nest/rt-table.c) of BIRD 1.6, 2 and 3.
import { codes } from '../reply-codes.ts';
import type { BirdReply } from '../../types.ts';

export interface BirdRoute {
  /** `master4`; 1.6 does not print it */
  readonly table: string;
  readonly network: string;
  readonly protocol: string;
  /** true for the route that BIRD uses */
  readonly primary: boolean;
  readonly preference: number;
  /** `via 10.70.89.1 on cab`, `dev lan`; several for a multipath route, none for `unreachable` and similar types */
  readonly nextHops: readonly string[];
}

const NEXT_HOP = /(via \S+ on \S+|dev \S+)/;
const ORIGIN = /\[(\S+) [^\]]*\](?: (\*))?.*?\((\d+)/;

/** A line without a network is another route to the network of the line before. */
export function parseRoutes({ lines }: BirdReply): BirdRoute[] {
  const found: (BirdRoute & { nextHops: string[] })[] = [];
  let [table, network] = ['', ''];
  for (const { code, text } of lines) {
    if (code !== codes.route) continue;
    table = /^Table (\S+):/.exec(text)?.[1] ?? table;
    const [, protocol, star, preference] = ORIGIN.exec(text) ?? [];
    const hop = NEXT_HOP.exec(text)?.[1];
    if (protocol !== undefined) {
      network = /^\S+/.exec(text)?.[0] ?? network;
      found.push({ table, network, protocol, primary: star === '*', preference: Number(preference), nextHops: [] });
    }
    if (hop !== undefined) found.at(-1)?.nextHops.push(hop);
  }
  return found;
}

export interface RouteCount {
  readonly routes: number;
  readonly networks: number;
}

/** The sum over all tables; 3.x and 2.x print each table and a total, 1.6 its only table. */
export function parseRouteCount({ lines }: BirdReply): RouteCount | undefined {
  const counts = lines.flatMap(({ code, text }) => {
    const [, routes, networks] = /(\d+) routes for (\d+) networks/.exec(text) ?? [];
    return routes === undefined
      ? []
      : [{ total: code === codes.routeCount, routes: Number(routes), networks: Number(networks) }];
  });
  const total = counts.find((one) => one.total);
  if (total !== undefined) return { routes: total.routes, networks: total.networks };
  if (counts.length === 0) return undefined;
  const sum = (of: 'routes' | 'networks'): number => counts.reduce((all, one) => all + one[of], 0);
  return { routes: sum('routes'), networks: sum('networks') };
}
