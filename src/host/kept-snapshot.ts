// A snapshot that is kept from look to look. It asks a question again if an event of the kernel or an operation of ours may have changed
// the answer, or if nobody reports changes of the answer; tellers.ts lists who reports what.
import { forget, type Look, type Place } from './answers.ts';
import type { Touch } from './monitor-types.ts';
import type { HostReader } from './reader.ts';
import { createPlaces, readerOf } from './snapshot.ts';
import { everything, touched, writes, type Forgets, type Part } from './tellers.ts';
import type { Host } from './types.ts';

export interface KeptSnapshot {
  /** the host; the snapshot sees the operations that are done through it */
  readonly host: Host;
  /**
   * Begins a look; `again` of the result begins another one of the same kind.
   * @param anew whether values made from answers whose changes nobody reports (tellers.ts) are made again; otherwise they stay valid
   */
  look(anew: boolean): HostReader;
  /** Forgets everything: the next look is a full one. */
  forget(): void;
  /** Forgets the values made under these names. */
  unmake(names: Iterable<string>): void;
  /** @param netns '' for the agent's own namespace, here and below */
  touched(touch: Touch, netns: string): void;
  /** Says whether events are received from now on; events until now may have been missed. */
  hears(is: boolean, netns: string): void;
}

export function keepSnapshot(host: Host): KeptSnapshot {
  const places = createPlaces(host);
  const { outside } = places;
  const forgetAt = (place: Place | undefined, forgets: Forgets): void => place && forget(place, forgets);
  const forgetAll = (forgets: Forgets): void => places.all().forEach((place) => forgetAt(place, forgets));
  const next = (since?: number): Look => {
    const began = ++outside.count.now;
    return { began, since: since ?? began };
  };
  return {
    host: heardHost(host, forgetAll),
    look(anew) {
      const look = next(anew ? undefined : 0);
      return readerOf(outside, { places, look, next: () => next(look.since), note: () => undefined });
    },
    forget: () => forgetAll(everything),
    unmake(names) {
      for (const name of names) for (const { made } of places.all()) made.delete(name);
    },
    touched: (touch, netns) => forgetAt(places.at(netns), touched(touch)),
    hears(is, netns) {
      if (is) places.heard.add(netns);
      else places.heard.delete(netns);
      forgetAll(everything);
    },
  };
}

type Forget = (forgets: Forgets) => void;

/** Forgets what an operation may have changed when it is done, in all namespaces; forgets everything after a failed operation. */
function heardHost(host: Host, forget: Forget): Host {
  const parts = Object.keys(writes).map((name) => [name, heardPart(host[name as Part], name as Part, forget)]);
  const heard = { ...host, ...(Object.fromEntries(parts) as Pick<Host, Part>) };
  return {
    ...heard,
    netns: {
      ...heard.netns,
      async enter(name) {
        const found = await host.netns.enter(name);
        return found && heardHost(found, forget);
      },
    },
  };
}

function heardPart(part: object, name: Part, forget: Forget): object {
  const rows = Object.entries(writes[name]) as [string, (...args: unknown[]) => Forgets][];
  const heard = rows.map(([method, row]) => {
    const write: unknown = Reflect.get(part, method);
    if (typeof write !== 'function') return [method, write];
    const run = async (...args: unknown[]): Promise<unknown> => {
      try {
        const done: unknown = await Reflect.apply(write, part, args);
        forget(row(...args));
        return done;
      } catch (error) {
        forget(everything);
        throw error;
      }
    };
    return [method, run];
  });
  return { ...part, ...(Object.fromEntries(heard) as object) };
}
