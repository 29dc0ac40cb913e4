// The listings: each whole, in the kernel's order, with names of links where the wire has indexes.
import { formatPrefix, type Family } from '../../net/ip.ts';
import { isHostError } from '../error.ts';
import type { AddressInfo, LinkInfo, RouteFilter, RouteInfo, RuleInfo } from '../types.ts';
import { decodeAddressMessage, encodeAddressDump } from './address.ts';
import { dump } from './dump.ts';
import { decodeLink, encodeLinkDump, encodeLinkQuery, namedLink, type WireLink } from './link.ts';
import type { LinkNames } from './link-names.ts';
import { decodeRoute, encodeRouteDump, isAskedFor, linksOf, namedRoute, type WireRoute } from './route.ts';
import { isEmptyTouch, touches, wireTouch, type WireTouch } from './route-touch.ts';
import { decodeRule, encodeRuleDump } from './rule.ts';
import { equalRules } from './rule-match.ts';
import type { Transport } from './transport.ts';

/** Above this many unknown names one listing costs less than a query each, and cannot overflow the receive buffer. */
const QUERIES_AT_ONCE = 8;

export interface Listings {
  readonly listLinks: () => Promise<LinkInfo[]>;
  readonly listAddresses: (family: Family) => Promise<AddressInfo[]>;
  readonly listRoutes: (family: Family, of?: RouteFilter) => Promise<RouteInfo[]>;
  readonly listRules: (family: Family) => Promise<RuleInfo[]>;
  /** indexes by name, fresh from the kernel; a name that is no link is left out */
  readonly findLinks: (names: readonly string[]) => Promise<ReadonlyMap<string, number>>;
}

export function createListings(transport: Transport, names: LinkNames): Listings {
  const listLinks = async (): Promise<LinkInfo[]> => {
    const found = await dump(transport, { operation: 'list links', message: encodeLinkDump(), decode: decodeLink });
    const byIndex = new Map(found.map(({ index, name }) => [index, name]));
    const links = found.map((link) => namedLink(link, (index) => byIndex.get(index)));
    names.sawAll(links);
    return links;
  };
  /** A link that is gone by then took its addresses and routes along. */
  const withNames = async <T, U>(
    items: readonly T[],
    indexesOf: (item: T) => readonly number[],
    build: (item: T, nameOf: (index: number) => string | undefined) => U | undefined,
  ): Promise<U[]> => {
    const indexes = new Set(items.flatMap(indexesOf));
    let devs = new Map([...indexes].map((index) => [index, index === 0 ? '' : names.nameOf(index)]));
    if ([...devs.values()].includes(undefined)) {
      devs = new Map((await listLinks()).map(({ index, name }) => [index, name]));
      devs.set(0, '');
    }
    return items.flatMap((item) => {
      const built = build(item, (index) => devs.get(index));
      return built === undefined ? [] : [built];
    });
  };
  const findLinks = async (wanted: readonly string[]): Promise<ReadonlyMap<string, number>> => {
    // nothing asked is never answered
    if (wanted.length === 0) return new Map();
    const links = wanted.length > QUERIES_AT_ONCE ? await listLinks() : await queryLinks(transport, names, wanted);
    return new Map(links.map(({ name, index }) => [name, index]));
  };
  return {
    listLinks,
    listAddresses: async (family) => {
      const operation = `list addresses (IPv${family})`;
      const message = encodeAddressDump(family);
      const found = await dump(transport, { operation, message, decode: decodeAddressMessage });
      return withNames(
        found,
        ({ ifindex }) => [ifindex],
        ({ ifindex, prefix, peer, protocol, duplicate, tentative, noPrefixRoute }, nameOf) => {
          const dev = nameOf(ifindex);
          if (dev === undefined) return undefined;
          return {
            ...{ dev, prefix, peer, protocol },
            ...(duplicate === undefined ? {} : { duplicate }),
            ...(tentative === undefined ? {} : { tentative }),
            ...(noPrefixRoute === undefined ? {} : { noPrefixRoute }),
          };
        },
      );
    },
    listRoutes: async (family, of = {}) => {
      if (of.family !== undefined && of.family !== family) return [];
      const ifindex = of.dev === undefined ? 0 : (await findLinks([of.dev])).get(of.dev);
      if (ifindex === undefined) return [];
      const touch = of.touching && wireTouch(of.touching, family, await findLinks(of.touching.devs ?? []));
      if (touch !== undefined && isEmptyTouch(touch)) return [];
      const found = await dumpRoutes(transport, family, { ...of, ifindex, touch });
      return withNames(found, linksOf, namedRoute);
    },
    listRules: (family) =>
      dump(transport, {
        operation: `list rules (IPv${family})`,
        message: encodeRuleDump(family),
        decode: decodeRule,
        // the kernel resumes a rule dump by counting (dump_rules), so a rule that is deleted meanwhile hides another one,
        // and it sets no NLM_F_DUMP_INTR
        same: equalRules,
      }),
    findLinks,
  };
}

type Asked = Pick<RouteFilter, 'table' | 'protocol'> & {
  readonly ifindex: number;
  readonly touch: WireTouch | undefined;
};

/** Filtered here once more, for a kernel that did not. */
async function dumpRoutes(
  transport: Transport,
  family: Family,
  { table, protocol, ifindex, touch }: Asked,
): Promise<WireRoute[]> {
  const isOver = (route: WireRoute): boolean => ifindex === 0 || linksOf(route).includes(ifindex);
  try {
    return await dump(transport, {
      operation: `list routes (IPv${family})`,
      message: encodeRouteDump({ family, table: table ?? 0, protocol: protocol ?? 0, ifindex }),
      decode: (message) => {
        if (!isAskedFor(message, { table, protocol }) || (touch && !touches(message, touch))) return undefined;
        const route = decodeRoute(message);
        return route !== undefined && isOver(route) ? route : undefined;
      },
      // IPv6 resumes by counting from the root of a table that changed (fib6_dump_table), and says nothing of it. What fits
      // into one datagram is listed under the table's lock, and whole.
      ...(family === 6 ? { identity } : {}),
    });
  } catch (error) {
    // no such table, no such link any more: with strict checking the kernel says so
    if (isHostError(error, 'ENOENT', 'ENODEV') && (table !== undefined || ifindex !== 0)) return [];
    throw error;
  }
}

const identity = ({ table, dst, metric, protocol, type, ifindex, via }: WireRoute): string =>
  `${table} ${formatPrefix(dst)} ${metric} ${protocol} ${type} ${ifindex} ${via ?? ''}`;

async function queryLinks(transport: Transport, names: LinkNames, wanted: readonly string[]): Promise<WireLink[]> {
  const links: WireLink[] = [];
  const requests = wanted.map((name) => ({
    message: encodeLinkQuery(name),
    onAnswer: (answer: Parameters<typeof decodeLink>[0]) => {
      const link = decodeLink(answer);
      // the kernel takes alternative names too: an answer with another name is another link
      if (link?.name !== name) return;
      names.saw(link);
      links.push(link);
    },
  }));
  await transport.exchange('look up links', requests);
  return links;
}
