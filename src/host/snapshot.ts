// The host as it is at one time: each question goes to it once, however many ask, and the questions of one turn go together,
// a part of the host in one call. So a look costs the same number of calls for any number of links.
import { askEach, type Batched, type Question } from './batch.ts';
import type { HostReader } from './reader.ts';
import type { Host, WgDevice } from './types.ts';

type Ask<Q, A> = (question: Q) => Promise<A>;

/** An answer is good for as long as the snapshot is, an error as well. */
function askOnce<Q, A>(batch: (questions: readonly Q[]) => Promise<readonly PromiseSettledResult<A>[]>): Ask<Q, A> {
  const known = new Map<string, Promise<A>>();
  let waiting: { readonly question: Q; readonly answer: PromiseWithResolvers<A> }[] = [];
  const flush = async (): Promise<void> => {
    const asked = waiting;
    waiting = [];
    const [all] = await Promise.allSettled([batch(asked.map(({ question }) => question))]);
    asked.forEach(({ answer }, i) => {
      const result = all.status === 'rejected' ? all : all.value[i];
      if (result?.status === 'fulfilled') answer.resolve(result.value);
      else answer.reject(result?.reason);
    });
  };
  return (question) => {
    const key = JSON.stringify(question);
    const found = known.get(key);
    if (found !== undefined) return found;
    const answer = Promise.withResolvers<A>();
    known.set(key, answer.promise);
    // at the end of the turn: what comes of one answer is asked together
    if (waiting.push({ question, answer }) === 1) setImmediate(() => void flush());
    return answer.promise;
  };
}

/** The reads of a part by their names, each asked as a question. */
function together<T extends object & Partial<Batched>, K extends keyof T & string>(part: T, ...names: K[]): Pick<T, K> {
  const ask = askOnce<Question, unknown>((questions) => part.batch?.(questions) ?? askEach(part, questions));
  return Object.fromEntries(names.map((name) => [name, (...args: unknown[]) => ask([name, ...args])])) as Pick<T, K>;
}

/** What is of one network namespace. */
function ownParts(host: Host): Pick<HostReader, 'rtnl' | 'wg' | 'sysctl' | 'nft'> {
  const device = askOnce<string, WgDevice | undefined>(async (names) => {
    const found = new Map((await host.wg.devices(names)).map((one) => [one.name, one]));
    return names.map((name) => ({ status: 'fulfilled', value: found.get(name) }));
  });
  const { devices: allDevices, userspaceDevices } = together(host.wg, 'devices', 'userspaceDevices');
  return {
    rtnl: together(host.rtnl, 'links', 'addresses', 'routes', 'rules', 'lookUp'),
    wg: {
      userspaceDevices,
      devices: async (names) =>
        names === undefined ? allDevices() : (await Promise.all(names.map(device))).filter((one) => one !== undefined),
    },
    sysctl: together(host.sysctl, 'read'),
    nft: together(host.nft, 'list'),
  };
}

export function takeSnapshot(host: Host): HostReader {
  const inside = askOnce<string, HostReader | undefined>((names) =>
    Promise.allSettled(
      names.map(async (name) => {
        const found = await host.netns.enter(name);
        return found && { ...reader, ...ownParts(found) };
      }),
    ),
  );
  const reader: HostReader = {
    ...ownParts(host),
    ...together(host, 'resolveName'),
    nameFails: (name) => host.nameFails?.(name) === true,
    ticks: () => host.ticks(),
    handshakeAge: (dev, peer) => host.handshakeAge(dev, peer),
    silence: (dev, peer) => host.silence(dev, peer),
    keys: together(host.keys, 'publicKeyOf', 'digestOf'),
    files: together(host.files, 'read', 'stat', 'link', 'list'),
    bird: { ...together(host.bird, 'ask', 'checkText'), fault: () => host.bird.fault?.() },
    birdSecrets: together(host.birdSecrets, 'state'),
    notes: together(host.notes, 'all'),
    netns: { ...together(host.netns, 'list'), enter: inside },
    again: () => takeSnapshot(host),
  };
  return reader;
}
