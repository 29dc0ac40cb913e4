// Routes on the wire: struct rtmsg and RTA_* (linux/rtnetlink.h).
import { bitsOf, familyOf as textFamily, type Family } from '../../net/ip.ts';
import type { RouteInfo, RouteType } from '../types.ts';
import {
  attributeAt,
  bytesAttribute,
  readAttributes,
  readU32,
  u32Attribute,
  valueEnd,
  type Attribute,
} from './attributes.ts';
import * as nl from './constants.ts';
import { addressFamily, addressSize, decodeAddress, encodeAddress, familyOf } from './ip-bytes.ts';
import { buildMessage, type Message } from './message.ts';

const BODY = 12;
const table = new Uint32Array(32);

/** RTN_*; what stands at no place here (anycast, NAT) is 'other'. */
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

export const encodeRouteDump = (family: Family): Buffer =>
  buildMessage({
    type: nl.RTM_GETROUTE,
    flags: nl.NLM_F_REQUEST | nl.NLM_F_DUMP,
    body: Buffer.from([addressFamily(family), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    attributes: [],
  });

/** As ip(8) chooses it; in a delete RT_SCOPE_NOWHERE matches every scope. */
function scopeOf(action: 'add' | 'delete', { type, via }: RouteInfo): number {
  if (action === 'delete') return nl.RT_SCOPE_NOWHERE;
  if (type === 'local') return nl.RT_SCOPE_HOST;
  return type === 'unicast' && via === undefined ? nl.RT_SCOPE_LINK : nl.RT_SCOPE_UNIVERSE;
}

/** Each IPv6 link has a route of its own to these, all of one metric: NLM_F_EXCL would allow one (fib6_add_rt2node). */
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
 * the kernel takes metric 0 and an absent gateway as wildcards, and IPv6 does not look at the type (ip6_route_del).
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

/** A route with the index of its link where RouteInfo has the name; 0 for none. */
export interface WireRoute extends Omit<RouteInfo, 'dev'> {
  readonly ifindex: number;
}

/**
 * undefined for cached (cloned) routes and other families. A route with a TOS or a source prefix, which RouteInfo cannot
 * tell, has the type 'other', so that it never equals a plain one.
 */
export function decodeRoute({ bytes, type, start, end }: Message): WireRoute | undefined {
  const family = familyOf(bytes[start]);
  if (type !== nl.RTM_NEWROUTE || end - start < BODY || family === undefined) return undefined;
  if ((bytes.readUInt32LE(start + 8) & nl.RTM_F_CLONED) !== 0) return undefined;
  readAttributes(bytes, start + BODY, end, table);
  const plain = bytes[start + 2] === 0 && bytes[start + 3] === 0;
  const routeType = plain ? (types[bytes.readUInt8(start + 7)] ?? 'other') : 'other';
  const dst = attributeAt(bytes, table, nl.RTA_DST, addressSize(family));
  const several = table[nl.RTA_MULTIPATH] !== 0;
  // IPv6 shows `dev lo` for every route that refuses (fib6_nh_init)
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
    ifindex: several || refuses ? 0 : (readU32(bytes, table, nl.RTA_OIF) ?? 0),
    via: several ? undefined : gatewayOf(bytes, family),
  };
}

const refusing: ReadonlySet<RouteType> = new Set(['unreachable', 'blackhole', 'prohibit', 'throw']);

function gatewayOf(bytes: Buffer, family: Family): string | undefined {
  const gateway = attributeAt(bytes, table, nl.RTA_GATEWAY, addressSize(family));
  if (gateway !== 0) return decodeAddress(bytes, gateway, family);
  const via = attributeAt(bytes, table, nl.RTA_VIA, 2 + bitsOf(4) / 8);
  if (via === 0) return undefined;
  const viaFamily = familyOf(bytes.readUInt16LE(via));
  if (viaFamily === undefined || valueEnd(bytes, via) - via < 2 + addressSize(viaFamily)) return undefined;
  return decodeAddress(bytes, via + 2, viaFamily);
}
