// A fake host with a kept snapshot that hears the kernel's report of each change, in every namespace.
import { keepSnapshot, type KeptSnapshot } from '../../../src/host/kept-snapshot.ts';
import type { Touch } from '../../../src/host/monitor-types.ts';
import { eventsBetween, listing } from './fake-events.ts';
import type { FakeHost } from '../../fakes/fake-host.ts';
import type { FakeState } from '../../fakes/fake-state.ts';

export interface ToldHost {
  readonly host: FakeHost;
  readonly kept: KeptSnapshot;
  /** does it, and the kernel reports it; a refused change has no effect */
  readonly tell: (change: (host: FakeHost) => unknown) => Promise<void>;
}

type Listed = Parameters<typeof listing>[0];
type Listing = Awaited<ReturnType<typeof listing>>;

const NOTHING: Listing = { links: [], addresses: [], routes: [], rules: [], settings: [] };

/** By the names of namespaces, '' for the outer one. */
async function listAll(host: FakeHost): Promise<Map<string, Listing>> {
  const all = new Map([['', await listing(host)]]);
  for (const [name, state] of host.state.namespaces) {
    const inside = await host.netns.enter(name);
    if (inside !== undefined) all.set(name, await listing({ ...inside, state } as Listed));
  }
  return all;
}

function touchesBetween(before: Listing, after: Listing): Touch[] {
  return eventsBetween(before, after).map(({ kind, object }) =>
    kind === 'route' ? { kind, table: object.table, protocol: object.protocol } : { kind },
  );
}

export function toldHost(host: FakeHost): ToldHost {
  const kept = keepSnapshot(host);
  const known = new Set<FakeState>();
  kept.hears(true, '');
  return {
    host,
    kept,
    async tell(change) {
      const before = await listAll(host);
      try {
        await change(host);
      } catch (error) {
        if (!(error instanceof Error)) throw error;
      }
      for (const [name, after] of await listAll(host)) {
        const state = host.state.namespaces.get(name);
        if (state !== undefined && !known.has(state)) {
          known.add(state);
          kept.hears(true, name);
        }
        for (const touch of touchesBetween(before.get(name) ?? NOTHING, after)) kept.touched(touch, name);
      }
    },
  };
}
