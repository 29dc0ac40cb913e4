// Asks the kernel's FIB where it would send a packet: RTM_GETROUTE (linux/rtnetlink.h), through rules and tables, and for an
// incoming packet also with the check of its source (ip_route_input_rcu, ip6_route_input_lookup).
import { bitsOf, familyOf } from '../../net/ip.ts';
import { HostError } from '../error.ts';
import type { RouteAnswer, RouteQuery } from '../types.ts';
import { attributeAt, bytesAttribute, readAttributes, readU32, u32Attribute } from './attributes.ts';
import * as nl from './constants.ts';
import { addressFamily, encodeAddress } from './ip-bytes.ts';
import { errnoName, kernelError } from './kernel-error.ts';
import type { Listings } from './listings.ts';
import { buildMessage, type Message } from './message.ts';
import type { Answer, Transport } from './transport.ts';

const BODY = 12;
/** RTN_* of the answers, linux/rtnetlink.h */
const UNICAST = 1;
const LOCAL: ReadonlySet<number> = new Set([2, 3, 4, 5]);

/** Queries in one datagram; their answers, about 150 bytes each, must fit in the receive buffer. */
const AT_ONCE = 256;

/** Errors that refuse the packet, not the request. */
const refusals: ReadonlySet<string> = new Set(['ENETUNREACH', 'EHOSTUNREACH', 'EACCES', 'EXDEV', 'EINVAL', 'ENETDOWN']);

const table = new Uint32Array(32);

/** `ip route get TO [from FROM] [iif IIF] [mark MARK] [oif OIF]` */
export function encodeRouteQuery({ to, from, mark }: RouteQuery, ifindex: number, oif = 0): Buffer {
  const family = familyOf(to);
  const body = Buffer.alloc(BODY);
  body[0] = addressFamily(family);
  body[1] = bitsOf(family);
  body[2] = from === undefined ? 0 : bitsOf(family);
  // IPv6 always reports the table, and with strict checking refuses the flag (inet6_rtm_valid_getroute_req)
  if (family === 4) body.writeUInt32LE(nl.RTM_F_LOOKUP_TABLE, 8);
  return buildMessage({
    type: nl.RTM_GETROUTE,
    flags: nl.NLM_F_REQUEST | nl.NLM_F_ACK,
    body,
    attributes: [
      bytesAttribute(nl.RTA_DST, encodeAddress(to)),
      from === undefined ? undefined : bytesAttribute(nl.RTA_SRC, encodeAddress(from)),
      ifindex === 0 ? undefined : u32Attribute(nl.RTA_IIF, ifindex),
      mark === undefined ? undefined : u32Attribute(nl.RTA_MARK, mark),
      oif === 0 ? undefined : u32Attribute(nl.RTA_OIF, oif),
    ],
  });
}

interface Found {
  readonly type: number;
  readonly ifindex: number;
  readonly table: number;
}

/** For a route that refuses packets, IPv6 answers with a route of that type, and IPv4 with the route's errno (rt6_fill_node). */
function decodeAnswer({ bytes, start, end }: Message): Found {
  readAttributes(bytes, start + BODY, end, table);
  return {
    type: bytes.readUInt8(start + 7),
    ifindex: attributeAt(bytes, table, nl.RTA_OIF, 4) === 0 ? 0 : (readU32(bytes, table, nl.RTA_OIF) ?? 0),
    table: readU32(bytes, table, nl.RTA_TABLE) ?? bytes.readUInt8(start + 4),
  };
}

function judge(
  query: RouteQuery,
  { errno }: Answer,
  found: Found | undefined,
  nameOf: (index: number) => string,
): RouteAnswer {
  const code = errnoName(errno);
  if (errno !== 0 && !refusals.has(code)) throw kernelError(`look up ${query.to}`, errno);
  if (errno !== 0) return { verdict: 'refused', code };
  if (found !== undefined && LOCAL.has(found.type)) return { verdict: 'local' };
  if (found?.type !== UNICAST) return { verdict: 'refused', code: 'EHOSTUNREACH' };
  return { verdict: 'forward', dev: nameOf(found.ifindex), table: found.table };
}

export async function lookUp(
  { transport, listLinks }: Pick<Listings, 'listLinks'> & { readonly transport: Transport },
  queries: readonly RouteQuery[],
): Promise<RouteAnswer[]> {
  const links = await listLinks();
  const indexes = new Map(links.map(({ name, index }) => [name, index]));
  const names = new Map(links.map(({ name, index }) => [index, name]));
  const answers: RouteAnswer[] = [];
  for (let at = 0; at < queries.length; at += AT_ONCE) {
    const some = queries.slice(at, at + AT_ONCE);
    const found: (Found | undefined)[] = [];
    const requests = some.map((query, i) => ({
      message: encodeRouteQuery(query, indexOf(indexes, query, query.iif), indexOf(indexes, query, query.oif ?? '')),
      onAnswer: (message: Message) => void (found[i] = decodeAnswer(message)),
    }));
    const replies = await transport.exchange('look up routes', requests);
    some.forEach((query, i) => {
      const reply = replies[i] ?? { errno: 0, interrupted: false };
      answers.push(judge(query, reply, found[i], (index) => names.get(index) ?? `link ${index}`));
    });
  }
  return answers;
}

function indexOf(indexes: ReadonlyMap<string, number>, { to }: RouteQuery, link: string): number {
  const index = link === '' ? 0 : indexes.get(link);
  if (index !== undefined) return index;
  throw new HostError({ operation: `look up ${to} by ${link}`, code: 'ENODEV', detail: 'there is no such device' });
}
