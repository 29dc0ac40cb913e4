// Who reports that an answer of the host may be out of date, for each question that a reader can ask.
//
//   question               the kernel's events (rtnetlink)                      operations of ours         else
//   ---------------------  ---------------------------------------------------  -------------------------  --------------------
//   rtnl.links             link                                                 link                       full look
//   rtnl.addresses         address, link                                        link, address              full look
//   rtnl.routes            route of its table and protocol; link, address,      link, address, route       full look
//                          nexthop, which delete IPv4 routes without an event
//   rtnl.rules             rule                                                 link (a VRF), rule         full look
//   rtnl.lookUp            link, address, route, rule, nexthop, setting         all of these, sysctl       full look
//   wg.*                   link; no event for changes inside a device           wg, link                   asked anew
//   sysctl.read            setting (netconf: forwarding, rp_filter), link       sysctl, link               asked anew
//   nft.list               -                                                    nft                        asked anew
//   keys.*                 -                                                    keys, files, wg.save       the files are watched
//   files.*                -                                                    files of the folder, keys  asked anew
//   bird.*, birdSecrets.*  -                                                    bird, files                asked anew
//   notes.all              -                                                    notes                      asked anew
//   resolveName            -                                                    -                          asked anew
//   netns.*                -                                                    netns                      asked anew
//
// `asked anew`: every look asks again; a value made from the answer stays valid until a poll, a pass that no event caused, or
// the full look every ten minutes finds a different answer. After a failed operation every answer may be out of date. Pure.
import type { Touch } from './monitor-types.ts';
import type { HostReader } from './reader.ts';
import type { Host, RouteFilter } from './types.ts';

/** How long an answer is valid. `events`: until an event; `hints`: until a hint about a watched file; `nobody`: for one look. */
type Teller = 'events' | 'hints' | 'nobody';

export const tellers = {
  ...{ 'rtnl.links': 'events', 'rtnl.addresses': 'events', 'rtnl.routes': 'events' },
  ...{ 'rtnl.rules': 'events', 'rtnl.lookUp': 'events' },
  ...{ 'wg.device': 'nobody', 'wg.devices': 'nobody', 'wg.userspaceDevices': 'nobody' },
  ...{ 'sysctl.read': 'nobody', 'nft.list': 'nobody' },
  ...{ 'keys.publicKeyOf': 'hints', 'keys.digestOf': 'hints' },
  ...{ 'files.read': 'nobody', 'files.stat': 'nobody', 'files.link': 'nobody', 'files.list': 'nobody' },
  ...{ 'bird.ask': 'nobody', 'bird.checkText': 'nobody', 'birdSecrets.state': 'nobody', 'notes.all': 'nobody' },
  ...{ 'host.resolveName': 'nobody', 'netns.list': 'nobody', 'netns.enter': 'nobody' },
} as const satisfies Record<string, Teller>;

export type Read = keyof typeof tellers;

/** Which answers of a question: all, or those whose arguments satisfy the predicate. */
export type Which = true | ((...args: never) => boolean);
export type Forgets = Readonly<Partial<Record<Read, Which>>>;

const WAYS: Forgets = { 'rtnl.routes': true, 'rtnl.lookUp': true };
const ADDRESSES: Forgets = { 'rtnl.addresses': true, ...WAYS };
const RULES: Forgets = { 'rtnl.rules': true, 'rtnl.lookUp': true };
const WG: Forgets = { 'wg.device': true, 'wg.devices': true, 'wg.userspaceDevices': true };
const SETTINGS: Forgets = { 'sysctl.read': true, 'rtnl.lookUp': true };
const LINKS: Forgets = { 'rtnl.links': true, ...ADDRESSES, ...WG, ...SETTINGS };
const KEYS: Forgets = { 'keys.publicKeyOf': true, 'keys.digestOf': true };
const BIRD: Forgets = { 'bird.ask': true, 'bird.checkText': true, 'birdSecrets.state': true };

const routesOf = (table: number, protocol: number): Forgets => ({
  'rtnl.routes': (of?: RouteFilter) => (of?.table ?? table) === table && (of?.protocol ?? protocol) === protocol,
  'rtnl.lookUp': true,
});

export function touched(touch: Touch): Forgets {
  switch (touch.kind) {
    case 'link':
      return LINKS;
    case 'address':
      return ADDRESSES;
    case 'route':
      return routesOf(touch.table, touch.protocol);
    case 'nexthop':
      return WAYS;
    case 'rule':
      return RULES;
    case 'setting':
      return SETTINGS;
  }
}

/** After a write: the files in its folder and below, and the folders above, which the write may have made. */
function near(path: string): Forgets {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const isNear = (other: string): boolean => `${other}/`.startsWith(folder) || path.startsWith(`${other}/`);
  return {
    ...{ 'files.read': isNear, 'files.stat': isNear, 'files.link': isNear, 'files.list': isNear },
    ...KEYS,
    ...BIRD,
  };
}

/** The kernel adds rules with a VRF. */
const link = (): Forgets => ({ ...LINKS, ...RULES });
export const everything = Object.fromEntries(Object.keys(tellers).map((read) => [read, true])) as Forgets;

/** `close`, and questions that no reader asks. */
type Neither = 'batch' | 'close' | 'supportsLinkKind' | 'version' | 'check' | 'group' | 'serviceUser' | 'poll';
export type Part = 'rtnl' | 'wg' | 'sysctl' | 'nft' | 'keys' | 'files' | 'bird' | 'birdSecrets' | 'notes' | 'netns';

/** The answers that each operation of ours may have changed; the type makes the list complete. */
type Writes = {
  readonly [P in Part]: Readonly<
    Record<Exclude<keyof Host[P], keyof HostReader[P] | Neither>, (...args: never) => Forgets>
  >;
};

export const writes = {
  rtnl: {
    ...{ addLink: link, setLink: link, deleteLink: link },
    ...{ addAddress: () => ADDRESSES, deleteAddress: () => ADDRESSES },
    ...{ addRoute: () => WAYS, deleteRoute: () => WAYS, addRule: () => RULES, deleteRule: () => RULES },
  },
  wg: {
    ...{ setconf: () => WG, set: () => WG, save: (_dev: string, _what: string, file: string) => near(file) },
    ...{ startUserspace: link, stopUserspace: link },
  },
  sysctl: { write: () => ({ ...SETTINGS, ...ADDRESSES }) },
  nft: { run: () => ({ 'nft.list': true }) },
  keys: { generate: (path: string) => near(path) },
  files: { write: (path: string) => near(path), remove: (path: string) => near(path), sweep: () => everything },
  bird: { command: () => BIRD, start: () => everything, stop: () => everything, startSkipped: () => everything },
  birdSecrets: { write: (path: string) => near(path) },
  notes: { note: () => ({ 'notes.all': true }), forget: () => ({ 'notes.all': true }) },
  netns: { add: () => everything, delete: () => everything },
} as const satisfies Writes;
