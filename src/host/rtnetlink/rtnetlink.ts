// rtnetlink(7) over the raw socket of the `netlink` package: links, addresses, routes and rules of both families.
import type { Family } from '../../net/ip.ts';
import type { LinkChange, Rtnetlink } from '../types.ts';
import { sendBatch } from './batch.ts';
import { describeLinkChange } from './describe.ts';
import { createListings } from './listings.ts';
import { lookUp } from './look-up.ts';
import { createLinkNames } from './link-names.ts';
import { openPlace } from './place.ts';
import { probeLinkKind } from './probe-link-kind.ts';
import { openNetlinkSocket, type NetlinkSocketFactory } from './netlink-socket.ts';
import type { Write } from './queue.ts';
import { createScheduler } from './scheduler.ts';
import { createTransport } from './transport.ts';
import * as writes from './writes.ts';

const DEADLINE_MS = 10_000;

export interface RtnetlinkOptions {
  readonly openSocket?: NetlinkSocketFactory;
  /** milliseconds for the kernel's answer to one batch or listing */
  readonly deadline?: number;
  /** a process that is outside, for a process inside a named namespace */
  readonly outsidePid?: number;
}

/** Opens its socket at the first call, in the network namespace of the process, and opens a new one after a failure. */
export function createRtnetlink(options: RtnetlinkOptions = {}): Rtnetlink {
  const transport = createTransport({
    openSocket: options.openSocket ?? openNetlinkSocket,
    deadline: options.deadline ?? DEADLINE_MS,
  });
  const names = createLinkNames(() => performance.now());
  const lists = createListings(transport, names);
  const { read, write } = createScheduler((batch) => sendBatch({ transport, names, ...lists }, batch));
  /** a call that cannot be encoded rejects like one that the kernel refuses */
  const send = async (build: () => Write): Promise<void> => write(build());
  const setLink = async (name: string, change: LinkChange): Promise<void> => {
    if (change.netns === undefined) return write(writes.setLink(name, change));
    const place = openPlace(describeLinkChange(name, change), change.netns, options.outsidePid);
    try {
      await write(writes.setLink(name, change, place.attribute));
    } finally {
      place.close();
    }
  };
  const both = async <T>(list: (family: Family) => Promise<T[]>): Promise<T[]> =>
    (await Promise.all([read(() => list(4)), read(() => list(6))])).flat();

  return {
    links: () => read(lists.listLinks),
    addresses: () => both(lists.listAddresses),
    routes: (of) => both((family) => lists.listRoutes(family, of)),
    rules: () => both(lists.listRules),
    addLink: (link) => send(() => writes.addLink(link)),
    setLink,
    deleteLink: (name) => send(() => writes.deleteLink(name)),
    addAddress: (address) => send(() => writes.changeAddress('add', address)),
    deleteAddress: (address) => send(() => writes.changeAddress('delete', address)),
    addRoute: (route) => send(() => writes.changeRoute('add', route)),
    deleteRoute: (route) => send(() => writes.changeRoute('delete', route)),
    addRule: (rule) => send(() => writes.changeRule('add', rule)),
    deleteRule: (rule) => send(() => writes.changeRule('delete', rule)),
    lookUp: (queries) => read(() => lookUp({ transport, ...lists }, queries)),
    supportsLinkKind: (kind) => read(() => probeLinkKind(transport, kind)),
    close: () => transport.close(),
  };
}
