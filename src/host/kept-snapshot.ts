// A snapshot that is kept from look to look. Asked again is what somebody tells of (the kernel's events, and operations of ours,
// which are heard as they are done) and what nobody tells of; tellers.ts has who tells of what.
import { forget, type Look, type Place } from './answers.ts';
import type { Touch } from './monitor-types.ts';
import type { HostReader } from './reader.ts';
import { createPlaces, readerOf } from './snapshot.ts';
import { everything, touched, writes, type Forgets, type Part } from './tellers.ts';
import type { Host } from './types.ts';

export interface KeptSnapshot {
  /** the host whose operations are heard */
  readonly host: Host;
  /**
   * A look; what `again` gives is one more of the same kind.
   * @param anew of that which nobody tells of, nothing that was made before is good. Else it is: only what is told of is looked at
   */
  look(anew: boolean): HostReader;
  /** Nothing is good any more: the next look is a full one. */
  forget(): void;
  /** What was made by these names is made anew. */
  unmake(names: Iterable<string>): void;
  /** @param netns '' for the agent's own namespace, here and below */
  touched(touch: Touch, netns: string): void;
  /** Events are heard from now on, or are no more; what happened until now may not have been. */
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

/** What an operation may have changed is forgotten when it is done, in all namespaces; after one that failed nothing is sure. */
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
