// Converts the kernel's notifications to events. Remembers the names of links from the notifications themselves: a lookup no
// longer finds a deleted link, and the notifications of its addresses and routes come before its own.
import type { KernelEvent, MonitorHandlers, Touch } from '../monitor-types.ts';
import { decodeAddressMessage } from './address.ts';
import { readAttributes, readU32 } from './attributes.ts';
import * as nl from './constants.ts';
import { decodeLink, namedLink } from './link.ts';
import type { Message } from './message.ts';
import { decodeNetconf } from './netconf.ts';
import { decodeRoute, namedRoute } from './route.ts';
import { decodeRule } from './rule.ts';

/** struct rtmsg */
const ROUTE_BODY = 12;
const attributes = new Uint32Array(32);

/** For each kind of object, the types NEW, DEL and GET are consecutive from a multiple of four (linux/rtnetlink.h). */
const newType = (type: number): number => type & ~3;

export type EventDecoder = (message: Message) => KernelEvent[];

type Handlers = Pick<MonitorHandlers, 'wantRoute' | 'onTouched'>;

export function createEventDecoder({ wantRoute, onTouched = () => undefined }: Handlers): EventDecoder {
  const names = new Map<number, string>();
  /** '' for index 0, which is no link; undefined for an unknown link */
  const nameOf = (index: number): string | undefined => (index === 0 ? '' : names.get(index));

  return (message) => {
    const type = newType(message.type);
    const gone = message.type === type + 1;
    // the decoders accept only the NEW type
    const told = gone ? { ...message, type } : message;
    const action = gone ? 'deleted' : 'new';
    const kind = kinds.get(type);
    if (kind !== undefined) onTouched({ kind });
    switch (type) {
      case nl.RTM_NEWLINK:
        return linkEvents(told, action, names);
      case nl.RTM_NEWADDR: {
        const address = decodeAddressMessage(told);
        const dev = address && nameOf(address.ifindex);
        if (address === undefined || dev === undefined) return [];
        const { prefix, peer, protocol } = address;
        return [{ kind: 'address', action, object: { dev, prefix, peer, protocol } }];
      }
      case nl.RTM_NEWROUTE: {
        const route = isWanted(told, { onTouched, wantRoute }) ? decodeRoute(told) : undefined;
        const object = route && namedRoute(route, nameOf);
        return object === undefined ? [] : [{ kind: 'route', action, object }];
      }
      case nl.RTM_NEWRULE: {
        const object = decodeRule(told);
        return object === undefined ? [] : [{ kind: 'rule', action, object }];
      }
      case nl.RTM_NEWNETCONF:
        return gone ? [] : decodeNetconf(told, nameOf).map((object) => ({ kind: 'setting', action: 'new', object }));
      default:
        return [];
    }
  };
}

/** For a renamed link the kernel sends only RTM_NEWLINK; it becomes two events: the old name deleted, and the new name new. */
function linkEvents(message: Message, action: 'new' | 'deleted', names: Map<number, string>): KernelEvent[] {
  const link = decodeLink(message);
  if (link === undefined) return [];
  const object = namedLink(link, (master) => names.get(master));
  const { index, name } = object;
  const former = names.get(index);
  if (action === 'deleted') names.delete(index);
  else names.set(index, name);
  const event: KernelEvent = { kind: 'link', action, object };
  if (former === undefined || former === name) return [event];
  return [{ kind: 'link', action: 'deleted', object: { ...object, name: former } }, event];
}

/** The kinds of messages; for a route, Touch has more fields. */
const kinds: ReadonlyMap<number, Exclude<Touch['kind'], 'route'>> = new Map([
  [nl.RTM_NEWLINK, 'link'],
  [nl.RTM_NEWADDR, 'address'],
  [nl.RTM_NEWRULE, 'rule'],
  [nl.RTM_NEWNETCONF, 'setting'],
  [nl.RTM_NEWNEXTHOP, 'nexthop'],
]);

/** Two fixed bytes decide for most routes; RTA_TABLE is read only if the table's number does not fit in a byte. */
function isWanted({ bytes, start, end }: Message, { onTouched, wantRoute }: Required<Handlers>): boolean {
  if (end - start < ROUTE_BODY) return false;
  const short = bytes.readUInt8(start + 4);
  const protocol = bytes.readUInt8(start + 5);
  let table = short;
  if (short === nl.RT_TABLE_COMPAT) {
    readAttributes(bytes, start + ROUTE_BODY, end, attributes);
    table = readU32(bytes, attributes, nl.RTA_TABLE) ?? short;
  }
  onTouched({ kind: 'route', table, protocol });
  return wantRoute(table, protocol);
}
