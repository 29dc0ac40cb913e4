// The listings: each one complete, in the kernel's order, with names of links instead of indexes.
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

/** For more unknown names than this, one listing costs less than one query per name, and cannot overflow the receive buffer. */
const QUERIES_AT_ONCE = 8;

export interface Listings {
  readonly listLinks: () => Promise<LinkInfo[]>;
  readonly listAddresses: (family: Family) => Promise<AddressInfo[]>;
  readonly listRoutes: (family: Family, of?: RouteFilter) => Promise<RouteInfo[]>;
  readonly listRules: (family: Family) => Promise<RuleInfo[]>;
  /** indexes by name, read from the kernel now; without names that are no link */
  readonly findLinks: (names: readonly string[]) => Promise<ReadonlyMap<string, number>>;
}

type NameOf = (index: number) => string | undefined;
type ListLinks = Listings['listLinks'];

const linkLister =
  (transport: Transport, names: LinkNames): ListLinks =>
  async () => {
    const found = await dump(transport, { operation: 'list links', message: encodeLinkDump(), decode: decodeLink });
    const byIndex = new Map(found.map(({ index, name }) => [index, name]));
    const links = found.map((link) => namedLink(link, (index) => byIndex.get(index)));
    names.sawAll(links);
    return links;
  };

/** Names of links by index, '' for 0; lists the links only if the cache does not have all names. */
async function namesOf(indexes: Iterable<number>, names: LinkNames, listLinks: ListLinks): Promise<NameOf> {
  const known = new Map([...indexes].map((index) => [index, index === 0 ? '' : names.nameOf(index)]));
  if (![...known.values()].includes(undefined)) return (index) => known.get(index);
  const listed = new Map((await listLinks()).map(({ index, name }) => [index, name]));
  return (index) => (index === 0 ? '' : listed.get(index));
}

type WireAddress = NonNullable<ReturnType<typeof decodeAddressMessage>>;

/** undefined if the link is gone by now, and its addresses with it. */
function namedAddress({ ifindex, ...address }: WireAddress, nameOf: NameOf): AddressInfo | undefined {
  const dev = nameOf(ifindex);
  if (dev === undefined) return undefined;
  const { prefix, peer, protocol, duplicate, tentative, noPrefixRoute } = address;
  return {
    ...{ dev, prefix, peer, protocol },
    ...(duplicate === undefined ? {} : { duplicate }),
    ...(tentative === undefined ? {} : { tentative }),
    ...(noPrefixRoute === undefined ? {} : { noPrefixRoute }),
  };
}

const listRules = (transport: Transport, family: Family): Promise<RuleInfo[]> =>
  dump(transport, {
    operation: `list rules (IPv${family})`,
    message: encodeRuleDump(family),
    decode: decodeRule,
    // the kernel resumes a rule dump by counting (dump_rules), so a rule that is deleted meanwhile hides another one,
    // and the kernel sets no NLM_F_DUMP_INTR
    same: equalRules,
  });

export function createListings(transport: Transport, names: LinkNames): Listings {
  const listLinks = linkLister(transport, names);
  const findLinks: Listings['findLinks'] = async (wanted) => {
    // an exchange without a request never gets an answer
    if (wanted.length === 0) return new Map();
    const links = wanted.length > QUERIES_AT_ONCE ? await listLinks() : await queryLinks(transport, names, wanted);
    return new Map(links.map(({ name, index }) => [name, index]));
  };
  return {
    listLinks,
    findLinks,
    listRules: (family) => listRules(transport, family),
    listAddresses: async (family) => {
      const operation = `list addresses (IPv${family})`;
      const message = encodeAddressDump(family);
      const found = await dump(transport, { operation, message, decode: decodeAddressMessage });
      const nameOf = await namesOf(new Set(found.map(({ ifindex }) => ifindex)), names, listLinks);
      return found.flatMap((address) => namedAddress(address, nameOf) ?? []);
    },
    listRoutes: async (family, of = {}) => {
      if (of.family !== undefined && of.family !== family) return [];
      const ifindex = of.dev === undefined ? 0 : (await findLinks([of.dev])).get(of.dev);
      if (ifindex === undefined) return [];
      const touch = of.touching && wireTouch(of.touching, family, await findLinks(of.touching.devs ?? []));
      if (touch !== undefined && isEmptyTouch(touch)) return [];
      const found = await dumpRoutes(transport, family, { ...of, ifindex, touch });
      const nameOf = await namesOf(new Set(found.flatMap(linksOf)), names, listLinks);
      return found.flatMap((route) => namedRoute(route, nameOf) ?? []);
    },
  };
}

type Asked = Pick<RouteFilter, 'table' | 'protocol'> & {
  readonly ifindex: number;
  readonly touch: WireTouch | undefined;
};

/** Filters again here, because an older kernel does not filter. */
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
      // if a table changed, IPv6 resumes by counting from its root (fib6_dump_table), and does not report that. A listing that
      // fits in one datagram is made under the table's lock, and is complete.
      ...(family === 6 ? { identity } : {}),
    });
  } catch (error) {
    // the table or the link no longer exists: with strict checking the kernel reports that
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
      // the kernel accepts alternative names too: an answer with another name is another link
      if (link?.name !== name) return;
      names.saw(link);
      links.push(link);
    },
  }));
  await transport.exchange('look up links', requests);
  return links;
}
