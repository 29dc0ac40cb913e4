// The listings: each whole, in the kernel's order, with names of links where the wire has indexes.
import type { Family } from '../../net/ip.ts';
import type { AddressInfo, LinkInfo, RouteInfo, RuleInfo } from '../types.ts';
import { decodeAddressMessage, encodeAddressDump } from './address.ts';
import { dump } from './dump.ts';
import { decodeLink, encodeLinkDump, encodeLinkQuery, namedLink, type WireLink } from './link.ts';
import type { LinkNames } from './link-names.ts';
import { decodeRoute, encodeRouteDump } from './route.ts';
import { decodeRule, encodeRuleDump } from './rule.ts';
import { equalRules } from './rule-match.ts';
import type { Transport } from './transport.ts';

/** Above this many unknown names one listing costs less than a query each, and cannot overflow the receive buffer. */
const QUERIES_AT_ONCE = 8;

export interface Listings {
  readonly listLinks: () => Promise<LinkInfo[]>;
  readonly listAddresses: (family: Family) => Promise<AddressInfo[]>;
  readonly listRoutes: (family: Family) => Promise<RouteInfo[]>;
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
  const withNames = async <T extends { readonly ifindex: number }, U>(
    items: readonly T[],
    build: (item: T, dev: string) => U,
  ): Promise<U[]> => {
    const indexes = new Set(items.map(({ ifindex }) => ifindex));
    let devs = new Map([...indexes].map((index) => [index, index === 0 ? '' : names.nameOf(index)]));
    if ([...devs.values()].includes(undefined)) {
      devs = new Map((await listLinks()).map(({ index, name }) => [index, name]));
      devs.set(0, '');
    }
    return items.flatMap((item) => {
      const dev = devs.get(item.ifindex);
      return dev === undefined ? [] : [build(item, dev)];
    });
  };
  return {
    listLinks,
    listAddresses: async (family) => {
      const operation = `list addresses (IPv${family})`;
      const message = encodeAddressDump(family);
      const found = await dump(transport, { operation, message, decode: decodeAddressMessage });
      return withNames(found, ({ prefix, peer, protocol, duplicate, tentative, noPrefixRoute }, dev) => ({
        ...{ dev, prefix, peer, protocol },
        ...(duplicate === undefined ? {} : { duplicate }),
        ...(tentative === undefined ? {} : { tentative }),
        ...(noPrefixRoute === undefined ? {} : { noPrefixRoute }),
      }));
    },
    listRoutes: async (family) => {
      const operation = `list routes (IPv${family})`;
      const found = await dump(transport, { operation, message: encodeRouteDump(family), decode: decodeRoute });
      return withNames(found, ({ table, type, dst, metric, protocol, via }, dev) => ({
        table,
        type,
        dst,
        metric,
        protocol,
        dev,
        via,
      }));
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
    findLinks: async (wanted) => {
      const links = wanted.length > QUERIES_AT_ONCE ? await listLinks() : await queryLinks(transport, names, wanted);
      return new Map(links.map(({ name, index }) => [name, index]));
    },
  };
}

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
