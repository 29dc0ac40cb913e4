// The places where a BIRD of ours puts its routes, or put them. A route says `proto bird`, but not which BIRD made it. Its table and
// metric tell, because only a kernel protocol of ours writes there. wgospf notes each place before BIRD gets the file that names it.
// Notes are in /run and last as long as routes do. So a pass knows what a killed pass left, and leaves a foreign BIRD's routes.
import type { HostReader } from '../host/reader.ts';
import type { RouteInfo } from '../host/types.ts';
import type { Family } from '../net/ip.ts';
import { BIRD_PROTOCOL, MAIN_TABLE } from '../net/names.ts';

/** Where a kernel protocol writes its routes: it does not treat routes elsewhere as its own. */
export interface KernelPlace {
  readonly family: Family;
  /** undefined: main */
  readonly table: number | undefined;
  readonly metric: number;
}

const NOTE = 'bird-routes:';
const NOTED = /^(?:netns (\S+) )?([46]) (main|\d+) (\d+)$/;

/** @param netns the namespace of that BIRD; '' outside */
export const placeNote = (netns: string, { family, table, metric }: KernelPlace): string =>
  `${NOTE}${netns === '' ? '' : `netns ${netns} `}${family} ${table ?? 'main'} ${metric}`;

export const samePlace = (a: KernelPlace, b: KernelPlace): boolean => placeNote('', a) === placeNote('', b);

/** The places of our BIRDs in one namespace. */
export async function notedPlaces({ notes }: Pick<HostReader, 'notes'>, netns = ''): Promise<KernelPlace[]> {
  return [...(await notes.all()).keys()].flatMap((key): KernelPlace[] => {
    const found = key.startsWith(NOTE) ? NOTED.exec(key.slice(NOTE.length)) : null;
    if (found === null || (found[1] ?? '') !== netns) return [];
    const [, , family, table, metric] = found;
    return [
      { family: family === '6' ? 6 : 4, table: table === 'main' ? undefined : Number(table), metric: Number(metric) },
    ];
  });
}

/** BIRD's routes at a place. */
export async function routesAt(
  { rtnl }: Pick<HostReader, 'rtnl'>,
  { family, table = MAIN_TABLE, metric }: KernelPlace,
): Promise<RouteInfo[]> {
  const routes = await rtnl.routes({ family, table, protocol: BIRD_PROTOCOL });
  return routes.filter((route) => route.metric === metric);
}
