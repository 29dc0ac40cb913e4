// The host at one time: asks the host each question once, however many callers ask it, and sends the questions of one turn
// together, one call per part of the host. So a look needs the same number of calls for any number of links. A look of a kept
// snapshot (kept-snapshot.ts) asks only questions whose answers may have changed.
import { ask, createPlace, forget, make, type Answer, type Count, type Look, type Place } from './answers.ts';
import type { HostReader } from './reader.ts';
import { everything, type Read } from './tellers.ts';
import type { Host, WgDevice } from './types.ts';

/** The network namespaces of a host that were entered. */
export interface Places {
  readonly outside: Place;
  inside(name: string, host: Host): Place;
  all(): Place[];
  /** '' for the agent's own; undefined for one that was never entered */
  at(name: string): Place | undefined;
  /** names of the namespaces whose events are received, '' for the agent's own */
  readonly heard: Set<string>;
}

export function createPlaces(host: Host): Places {
  const count: Count = { now: 0 };
  const heard = new Set<string>();
  const outside = createPlace(host, count, () => heard.has(''));
  const entered = new Map<string, Place>();
  return {
    outside,
    inside(name, found) {
      const known = entered.get(name);
      if (known?.host === found) return known;
      if (known !== undefined) {
        // a different namespace now has this name, and its events are not received yet
        heard.delete(name);
        forget(known, everything);
      }
      const place = createPlace(found, count, () => heard.has(name));
      entered.set(name, place);
      return place;
    },
    all: () => [outside, ...entered.values()],
    at: (name) => (name === '' ? outside : entered.get(name)),
    heard,
  };
}

/** What a reader needs to ask questions. */
export interface Asking {
  readonly places: Places;
  readonly look: Look;
  /** begins the look after this one */
  readonly next: () => Look;
  /** called with each answer that is used */
  readonly note: (answer: Answer) => void;
}

type Reads<P extends object, K extends string> = Pick<P, K & keyof P>;

/** The reads of a part by their names, each asked as a question. */
function together<P extends object, K extends string>(
  place: Place,
  { look, note }: Asking,
  part: string,
  ...names: K[]
): Reads<P, K> {
  const reads = names.map((name) => [
    name,
    (...args: unknown[]) => {
      const answer = ask(place, `${part}.${name}` as Read, args, look);
      note(answer);
      return answer.value;
    },
  ]);
  return Object.fromEntries(reads) as Reads<P, K>;
}

interface Devices {
  readonly device: (name: string) => Promise<WgDevice | undefined>;
  readonly devices: () => Promise<WgDevice[]>;
  readonly userspaceDevices: () => Promise<string[]>;
}

/** The parts that belong to one network namespace. */
function ownParts(place: Place, asking: Asking): Pick<HostReader, 'rtnl' | 'wg' | 'sysctl' | 'nft'> {
  const wg = together<Devices, keyof Devices>(place, asking, 'wg', 'device', 'devices', 'userspaceDevices');
  return {
    rtnl: together<Host['rtnl'], keyof HostReader['rtnl']>(
      ...([place, asking, 'rtnl', 'links', 'addresses', 'routes', 'rules', 'lookUp'] as const),
    ),
    wg: {
      userspaceDevices: wg.userspaceDevices,
      devices: async (names) =>
        names === undefined
          ? wg.devices()
          : (await Promise.all(names.map((name) => wg.device(name)))).filter((one) => one !== undefined),
    },
    sysctl: together<Host['sysctl'], 'read'>(place, asking, 'sysctl', 'read'),
    nft: together<Host['nft'], 'list'>(place, asking, 'nft', 'list'),
  };
}

/** The parts that all network namespaces share. */
function sharedParts(asking: Asking): Omit<HostReader, 'rtnl' | 'wg' | 'sysctl' | 'nft' | 'again' | 'made'> {
  const { places } = asking;
  const { outside } = places;
  const { host } = outside;
  const netns = together<Host['netns'], 'list' | 'enter'>(outside, asking, 'netns', 'list', 'enter');
  return {
    ...together<Host, 'resolveName'>(outside, asking, 'host', 'resolveName'),
    nameFails: (name) => host.nameFails?.(name) === true,
    ticks: () => host.ticks(),
    handshakeAge: (dev, peer) => host.handshakeAge(dev, peer),
    silence: (dev, peer) => host.silence(dev, peer),
    keys: together<Host['keys'], 'publicKeyOf' | 'digestOf'>(outside, asking, 'keys', 'publicKeyOf', 'digestOf'),
    files: together<Host['files'], keyof HostReader['files']>(
      ...([outside, asking, 'files', 'read', 'stat', 'link', 'list'] as const),
    ),
    bird: {
      ...together<Host['bird'], 'ask' | 'checkText'>(outside, asking, 'bird', 'ask', 'checkText'),
      fault: () => host.bird.fault?.(),
    },
    birdSecrets: together<Host['birdSecrets'], 'state'>(outside, asking, 'birdSecrets', 'state'),
    notes: together<Host['notes'], 'all'>(outside, asking, 'notes', 'all'),
    netns: {
      list: () => netns.list(),
      async enter(name) {
        const found = await netns.enter(name);
        return found && readerOf(places.inside(name, found), asking);
      },
    },
  };
}

export function readerOf(place: Place, asking: Asking): HostReader {
  return {
    ...sharedParts(asking),
    ...ownParts(place, asking),
    again: () => readerOf(place, { ...asking, look: asking.next() }),
    async made(name, of, work) {
      const one = make(place, [name, of], asking.look, (note) => work(readerOf(place, { ...asking, note })));
      try {
        return (await one.value) as Awaited<ReturnType<typeof work>>;
      } finally {
        one.uses.forEach(asking.note);
      }
    },
  };
}

export function takeSnapshot(host: Host): HostReader {
  const places = createPlaces(host);
  const next = (): Look => {
    const began = ++places.outside.count.now;
    return { began, since: began };
  };
  return readerOf(places.outside, { places, look: next(), next, note: () => undefined });
}
