// Encodes and decodes routes: struct rtmsg and RTA_* (linux/rtnetlink.h).
import { bitsOf, familyOf as textFamily, type Family } from '../../net/ip.ts';
import type { NextHop, RouteFilter, RouteInfo, RouteType } from '../types.ts';
import {
  align,
  attributeAt,
  bytesAttribute,
  readAttributes,
  readU32,
  u32Attribute,
  valueEnd,
  type Attribute,
  type AttributeTable,
} from './attributes.ts';
import * as nl from './constants.ts';
import { addressFamily, addressSize, decodeAddress, encodeAddress, familyOf } from './ip-bytes.ts';
import { buildMessage, type Message } from './message.ts';

/** struct rtmsg */
export const BODY = 12;
const table = new Uint32Array(32);
/** for one next hop of several */
const hopTable = new Uint32Array(32);

/** By RTN_* number; types without an entry of their own (anycast, NAT) are 'other'. */
const types: readonly RouteType[] = [
  'other',
  'unicast',
  'local',
  'broadcast',
  'other',
  'multicast',
  'blackhole',
  'unreachable',
  'prohibit',
  'throw',
];

/** The kernel's filter; the kernel obeys it only on a socket with strict checking (inet_dump_fib, inet6_dump_fib). */
export interface RouteDump {
  readonly family: Family;
  /** 0: all */
  readonly table: number;
  readonly protocol: number;
  readonly ifindex: number;
}

export const encodeRouteDump = ({ family, table: id, protocol, ifindex }: RouteDump): Buffer =>
  buildMessage({
    type: nl.RTM_GETROUTE,
    flags: nl.NLM_F_REQUEST | nl.NLM_F_DUMP,
    body: Buffer.from([addressFamily(family), 0, 0, 0, 0, protocol, 0, 0, 0, 0, 0, 0]),
    attributes: [
      id === 0 ? undefined : u32Attribute(nl.RTA_TABLE, id),
      ifindex === 0 ? undefined : u32Attribute(nl.RTA_OIF, ifindex),
    ],
  });

/** Two fixed bytes decide for most routes; RTA_TABLE is read only if the table's number does not fit in a byte. */
export function isAskedFor({ bytes, start, end }: Message, asked: Pick<RouteFilter, 'table' | 'protocol'>): boolean {
  if (end - start < BODY) return false;
  if (asked.protocol !== undefined && bytes[start + 5] !== asked.protocol) return false;
  if (asked.table === undefined) return true;
  const short = bytes.readUInt8(start + 4);
  if (short !== nl.RT_TABLE_COMPAT) return short === asked.table;
  readAttributes(bytes, start + BODY, end, table);
  return (readU32(bytes, table, nl.RTA_TABLE) ?? short) === asked.table;
}

/** The scope that ip(8) chooses; in a delete RT_SCOPE_NOWHERE matches every scope. */
function scopeOf(action: 'add' | 'delete', { type, via }: RouteInfo): number {
  if (action === 'delete') return nl.RT_SCOPE_NOWHERE;
  if (type === 'local') return nl.RT_SCOPE_HOST;
  return type === 'unicast' && via === undefined ? nl.RT_SCOPE_LINK : nl.RT_SCOPE_UNIVERSE;
}

/** Each IPv6 link has its own route to these, all with the same metric: NLM_F_EXCL would allow only one (fib6_add_rt2node). */
const isOfEachLink = ({ dst }: RouteInfo): boolean => dst.address === 'fe80::' || dst.address === 'ff00::';

const addFlags = (route: RouteInfo): number =>
  nl.NLM_F_CREATE | (isOfEachLink(route) ? nl.NLM_F_APPEND : nl.NLM_F_EXCL);

/** RTA_GATEWAY, or RTA_VIA for an IPv4 route through an IPv6 address (RFC 8950). */
function gatewayAttribute({ dst, via }: RouteInfo): Attribute | undefined {
  if (via === undefined) return undefined;
  const family = textFamily(via);
  if (family === dst.family) return bytesAttribute(nl.RTA_GATEWAY, encodeAddress(via));
  return bytesAttribute(nl.RTA_VIA, Buffer.concat([Buffer.from([addressFamily(family), 0]), encodeAddress(via)]));
}

/**
 * `ip route add|del TYPE DST [via VIA] [dev DEV] table TABLE metric METRIC proto PROTOCOL`. A delete names all of it, but
 * the kernel takes metric 0 and an absent gateway as wildcards, and IPv6 ignores the type (ip6_route_del).
 * For a route with several next hops, or with a nexthop object, the delete names no hop: the kernel compares a device or
 * gateway only with the first hop, or with none (fib_nh_match), and deletes all siblings if none is named (__ip6_del_rt_siblings).
 */
export function encodeRouteChange(action: 'add' | 'delete', route: RouteInfo, ifindex: number): Buffer {
  const { dst } = route;
  const body = Buffer.alloc(BODY);
  body[0] = addressFamily(dst.family);
  body[1] = dst.length;
  body[5] = route.protocol;
  body[6] = scopeOf(action, route);
  body[7] = types.indexOf(route.type);
  return buildMessage({
    type: action === 'add' ? nl.RTM_NEWROUTE : nl.RTM_DELROUTE,
    flags: nl.NLM_F_REQUEST | nl.NLM_F_ACK | (action === 'add' ? addFlags(route) : 0),
    body,
    attributes: [
      u32Attribute(nl.RTA_TABLE, route.table),
      dst.length === 0 ? undefined : bytesAttribute(nl.RTA_DST, encodeAddress(dst.address)),
      u32Attribute(nl.RTA_PRIORITY, route.metric),
      gatewayAttribute(route),
      ifindex === 0 ? undefined : u32Attribute(nl.RTA_OIF, ifindex),
      action === 'delete' || route.src === undefined
        ? undefined
        : bytesAttribute(nl.RTA_PREFSRC, encodeAddress(route.src)),
    ],
  });
}

interface WireHop {
  readonly ifindex: number;
  readonly via: string | undefined;
}

/** A RouteInfo with the index of the link instead of its name; 0 for none. */
export interface WireRoute extends Omit<RouteInfo, 'dev' | 'hops'> {
  readonly ifindex: number;
  readonly hops?: readonly WireHop[];
}

/** The indexes of the links of its next hops; 0 if it has no device. */
export const linksOf = ({ ifindex, hops }: WireRoute): readonly number[] =>
  hops === undefined ? [ifindex] : hops.map((hop) => hop.ifindex);

/** undefined if none of its links has a name: the links are gone by now, and the route with them. */
export function namedRoute(route: WireRoute, nameOf: (index: number) => string | undefined): RouteInfo | undefined {
  const { ifindex, hops, ...rest } = route;
  if (hops === undefined) {
    const dev = nameOf(ifindex);
    return dev === undefined ? undefined : { ...rest, dev };
  }
  const named = hops.flatMap((hop): NextHop[] => {
    const dev = nameOf(hop.ifindex);
    return dev === undefined ? [] : [{ dev, via: hop.via }];
  });
  return named.length === 0 ? undefined : { ...rest, dev: '', hops: named };
}

/**
 * undefined for cached (cloned) routes and other families. A route with a TOS or a source prefix, which RouteInfo cannot
 * express, has the type 'other', so that it never equals a plain route.
 */
export function decodeRoute({ bytes, type, start, end }: Message): WireRoute | undefined {
  const family = familyOf(bytes[start]);
  if (type !== nl.RTM_NEWROUTE || end - start < BODY || family === undefined) return undefined;
  if ((bytes.readUInt32LE(start + 8) & nl.RTM_F_CLONED) !== 0) return undefined;
  readAttributes(bytes, start + BODY, end, table);
  const plain = bytes[start + 2] === 0 && bytes[start + 3] === 0;
  const routeType = plain ? (types[bytes.readUInt8(start + 7)] ?? 'other') : 'other';
  const dst = attributeAt(bytes, table, nl.RTA_DST, addressSize(family));
  const hops = hopsOf(bytes, family);
  const nexthop = readU32(bytes, table, nl.RTA_NH_ID);
  // IPv6 shows `dev lo` for every route that refuses packets (fib6_nh_init)
  const refuses = family === 6 && refusing.has(routeType);
  return {
    table: readU32(bytes, table, nl.RTA_TABLE) ?? bytes.readUInt8(start + 4),
    type: routeType,
    dst: {
      family,
      address: dst === 0 ? (family === 4 ? '0.0.0.0' : '::') : decodeAddress(bytes, dst, family),
      length: bytes.readUInt8(start + 1),
    },
    metric: readU32(bytes, table, nl.RTA_PRIORITY) ?? 0,
    protocol: bytes.readUInt8(start + 5),
    ifindex: hops !== undefined || refuses ? 0 : (readU32(bytes, table, nl.RTA_OIF) ?? 0),
    via: hops === undefined ? gatewayOf(bytes, family, table) : undefined,
    ...(hops === undefined ? {} : { hops }),
    ...(nexthop === undefined ? {} : { nexthop }),
  };
}

const refusing: ReadonlySet<RouteType> = new Set(['unreachable', 'blackhole', 'prohibit', 'throw']);

/** struct rtnexthop: length, flags, weight, index, attributes; IPv6 sends siblings in the same form (rt6_fill_node). */
const HOP = 8;

function hopsOf(bytes: Buffer, family: Family): WireHop[] | undefined {
  const value = table[nl.RTA_MULTIPATH] ?? 0;
  if (value === 0) return undefined;
  const end = valueEnd(bytes, value);
  const hops: WireHop[] = [];
  for (let at = value; at + HOP <= end;) {
    const length = bytes.readUInt16LE(at);
    if (length < HOP || at + length > end) break;
    readAttributes(bytes, at + HOP, at + length, hopTable);
    hops.push({ ifindex: bytes.readInt32LE(at + 4), via: gatewayOf(bytes, family, hopTable) });
    at += align(length);
  }
  return hops;
}

function gatewayOf(bytes: Buffer, family: Family, from: AttributeTable): string | undefined {
  const gateway = attributeAt(bytes, from, nl.RTA_GATEWAY, addressSize(family));
  if (gateway !== 0) return decodeAddress(bytes, gateway, family);
  const via = attributeAt(bytes, from, nl.RTA_VIA, 2 + bitsOf(4) / 8);
  if (via === 0) return undefined;
  const viaFamily = familyOf(bytes.readUInt16LE(via));
  if (viaFamily === undefined || valueEnd(bytes, via) - via < 2 + addressSize(viaFamily)) return undefined;
  return decodeAddress(bytes, via + 2, viaFamily);
}
