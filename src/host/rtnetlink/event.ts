// From the kernel's notifications to events. Names of links are kept from the notifications themselves: a look-up would
// find a link that is gone no more, and its addresses and routes are told of before it is.
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

/** Of each kind of object the types NEW, DEL and GET follow each other from a multiple of four (linux/rtnetlink.h). */
const newType = (type: number): number => type & ~3;

export type EventDecoder = (message: Message) => KernelEvent[];

type Handlers = Pick<MonitorHandlers, 'wantRoute' | 'onTouched'>;

export function createEventDecoder({ wantRoute, onTouched = () => undefined }: Handlers): EventDecoder {
  const names = new Map<number, string>();
  /** '' for no link at all; undefined for one that we never heard of */
  const nameOf = (index: number): string | undefined => (index === 0 ? '' : names.get(index));

  return (message) => {
    const type = newType(message.type);
    const gone = message.type === type + 1;
    // the decoders know an object by its NEW
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

/** A renamed link is told as the old name deleted and the new one new: the kernel sends RTM_NEWLINK alone. */
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

/** What a message is about; a route's tells more. */
const kinds: ReadonlyMap<number, Exclude<Touch['kind'], 'route'>> = new Map([
  [nl.RTM_NEWLINK, 'link'],
  [nl.RTM_NEWADDR, 'address'],
  [nl.RTM_NEWRULE, 'rule'],
  [nl.RTM_NEWNETCONF, 'setting'],
  [nl.RTM_NEWNEXTHOP, 'nexthop'],
]);

/** Two fixed bytes tell most routes apart; RTA_TABLE is looked for only where the table's number does not fit. */
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
