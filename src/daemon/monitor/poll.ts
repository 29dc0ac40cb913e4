// Looks regularly at the kinds whose changes no event reports. The pause between two looks grows with the cost of a look, so
// that an idle router stays idle.
import { diff } from '../../engine/diff.ts';
import { keyOf } from '../../engine/in-namespaces.ts';
import { desiredOnce, observeOnce } from '../../engine/made.ts';
import { refOf } from '../../engine/settle.ts';
import type { AnyResource, Change, ObjectRef } from '../../engine/types.ts';
import type { Clock } from '../../host/clock.ts';
import type { Beat } from '../beat.ts';
import type { HostReader } from '../../host/reader.ts';
import type { KeptSnapshot } from '../../host/kept-snapshot.ts';
import type { RouterModel } from '../../model/types.ts';
import { guardOf, type Verdict } from './relevance.ts';

/** The looks take at most this share of the time, unless the pause is LONGEST_MS. */
const SHARE = 1 / 1_500;
const SHORTEST_MS = 10_000;
const LONGEST_MS = 30_000;

export interface PollOptions {
  /** its host has the name cache: asking DNS every few seconds would cost too much */
  readonly kept: KeptSnapshot;
  readonly resources: readonly AnyResource[];
  readonly clock: Clock;
  readonly beat: Beat;
  /** undefined: do not look now */
  readonly model: () => RouterModel | undefined;
  /** gets the verdict on every polled object after each look */
  readonly found: (verdicts: readonly Verdict[]) => void;
}

export interface Poll {
  close(): void;
}

export function createPoll({ kept, resources, clock, beat, model, found }: PollOptions): Poll {
  const polled = resources.filter((resource) => resource.polled === true);
  let closed = false;
  let cancel = beat(SHORTEST_MS, poll);

  async function look(current: RouterModel): Promise<void> {
    const snapshot = kept.look(true);
    const verdicts = await Promise.all(polled.map((resource) => differences(snapshot, resource, current)));
    // the model may have changed during the look
    if (!closed && model() === current) found(verdicts.flat());
  }

  function poll(): void {
    const start = clock.ticks();
    const current = model();
    const looked = current === undefined ? Promise.resolve() : look(current);
    // if the host cannot be read, the passes report it
    void looked
      .catch(() => undefined)
      .then(() => {
        const pause = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, (clock.ticks() - start) / SHARE));
        if (!closed) cancel = beat(pause, poll);
      });
  }

  return {
    close: () => {
      closed = true;
      cancel();
    },
  };
}

const undone = { create: 'deleted', update: 'changed', delete: 'added' } as const;

async function differences(host: HostReader, resource: AnyResource, model: RouterModel): Promise<Verdict[]> {
  const { objects } = await observeOnce(resource, host, model);
  const desired = desiredOnce(resource, model);
  const { changes } = diff(resource, desired, objects, false);
  const ref = (one: Parameters<typeof keyOf>[1]): ObjectRef =>
    refOf({ kind: resource.kind, key: keyOf(resource, one) });
  const undoneOnes = changes.map((change: Change<unknown>): Verdict => {
    const object = change.type === 'delete' ? change.observed : change.desired;
    const fields = change.type === 'update' ? resource.fields(change.observed.spec) : {};
    const values = change.type === 'update' ? change.fields.map((name) => `${name}=${fields[name] ?? ''}`) : [];
    return {
      ref: ref(object),
      undone: undone[change.type],
      detail: [change.type, ...values].join(' '),
      // the poll is too late to restore a guard at once; but the repair by a pass is not delayed
      ...(change.type !== 'delete' && guardOf(resource, change.desired) !== undefined
        ? { guard: { make: undefined } }
        : {}),
    };
  });
  const differ = new Set(undoneOnes.map((verdict) => verdict.ref));
  const fine = desired.map(ref).filter((one) => !differ.has(one));
  return [...undoneOnes, ...fine.map((one): Verdict => ({ ref: one, undone: undefined, detail: '' }))];
}
