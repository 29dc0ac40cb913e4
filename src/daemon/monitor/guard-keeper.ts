// Restores a guard at once when the kernel announces its deletion, without a pass. The rate is limited by the CPU time that this
// costs, not by a pause during which the path is open. The pass that follows observes everything as usual, and reports.
import { perform } from '../../engine/in-namespaces.ts';
import { refOf } from '../../engine/settle.ts';
import type { AnyResource, ObjectRef, Operation, Outcome, Result } from '../../engine/types.ts';
import type { Clock } from '../../host/clock.ts';
import { cpuMs } from '../../host/cpu-time.ts';
import { isHostError } from '../../host/error.ts';
import type { Host } from '../../host/types.ts';

/** The highest share of one CPU. */
const SHARE = 1 / 4;
/** The highest cost counted for one restoring, because the CPU time of a pass may be included. */
const DEAREST_MS = 5;

export interface Guard {
  readonly resource: AnyResource;
  /** the operation that makes the guard */
  readonly operation: Operation;
}

export interface GuardKeeper {
  restore(guard: Guard): void;
  /** the results since the last call, only the last of each object */
  take(): Result[];
  /** when an object was last restored */
  doneAt(ref: ObjectRef): number | undefined;
  close(): void;
}

export interface GuardKeeperOptions {
  readonly host: Host;
  readonly clock: Clock;
  /** called if a guard could not be restored: a pass must do it */
  readonly failed: () => void;
  readonly spent?: () => number;
}

async function make({ resource, operation }: Guard, host: Host): Promise<Outcome> {
  const start = host.ticks();
  try {
    await perform(resource, operation, host);
  } catch (error) {
    const [code, message] = isHostError(error) ? [error.code, error.message] : ['INTERNAL', String(error)];
    // EEXIST: somebody else made it first
    if (code !== 'EEXIST') return { status: 'failed', code, message, ms: host.ticks() - start };
  }
  return { status: 'done', ms: host.ticks() - start };
}

export function createGuardKeeper({ host, clock, failed, spent = cpuMs }: GuardKeeperOptions): GuardKeeper {
  const waiting = new Map<ObjectRef, Guard>();
  const results = new Map<ObjectRef, Result>();
  const doneAt = new Map<ObjectRef, number>();
  let busy = false;
  let cancel: (() => void) | undefined;

  async function work(): Promise<void> {
    busy = true;
    const start = spent();
    const guards = [...waiting.values()];
    waiting.clear();
    await Promise.all(
      guards.map(async (guard) => {
        const { operation } = guard;
        const outcome = await make(guard, host);
        results.set(refOf(operation), { operation, outcome });
        if (outcome.status === 'failed') failed();
        else doneAt.set(refOf(operation), clock.ticks());
      }),
    );
    const cost = Math.min(spent() - start, DEAREST_MS);
    cancel = clock.after(cost / SHARE - cost, () => {
      busy = false;
      if (waiting.size > 0) void work();
    });
  }

  return {
    restore(guard) {
      waiting.set(refOf(guard.operation), guard);
      if (!busy) void work();
    },
    take() {
      const all = [...results.values()];
      results.clear();
      return all;
    },
    doneAt: (ref) => doneAt.get(ref),
    close: () => cancel?.(),
  };
}
