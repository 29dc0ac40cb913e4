// Drives a pure machine: an event gives the next state and effects, which the driver performs in their order. The result of an effect
// is another event. Machines use no clock, no host and no promise, so a list of events can test them.
import type { Clock } from '../host/clock.ts';

export interface Step<S, E> {
  readonly state: S;
  readonly effects: readonly E[];
}

/** @param now by the clock's ticks */
export type Next<S, V, E> = (state: S, event: V, now: number) => Step<S, E>;

export interface Driver<S, V> {
  readonly state: () => S;
  /** done when all effects are done; synchronous effects are done when it returns */
  readonly send: (event: V) => Promise<void>;
}

/** Performs each type of effect; an asynchronous one returns a promise. */
export type Performers<E extends { readonly type: string }> = {
  readonly [T in E['type']]: (effect: Extract<E, { readonly type: T }>) => unknown;
};

export interface DriverOptions<S, V, E extends { readonly type: string }> {
  readonly first: S;
  readonly next: Next<S, V, E>;
  readonly clock: Pick<Clock, 'ticks'>;
  readonly perform: Performers<E>;
}

export function drive<S, V, E extends { readonly type: string }>({
  first,
  next,
  clock,
  perform,
}: DriverOptions<S, V, E>): Driver<S, V> {
  let state = first;
  return {
    state: () => state,
    async send(event) {
      const step = next(state, event, clock.ticks());
      state = step.state;
      for (const effect of step.effects) {
        const act = perform[effect.type as E['type']] as (one: E) => unknown;
        const done = act(effect);
        if (done instanceof Promise) await done;
      }
    },
  };
}

/** Runs one work after the other, even if one fails. */
export interface Queue {
  readonly serve: <T>(work: () => Promise<T>) => Promise<T>;
  /** done when all queued work has ended */
  over(): Promise<void>;
}

export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return {
    serve(work) {
      const mine = last.then(work, work);
      last = mine;
      return mine;
    },
    over: () =>
      last.then(
        () => undefined,
        () => undefined, // the caller of `serve` gets the error
      ),
  };
}

/** One timer per name. */
export interface NamedTimers<N> {
  /** replaces the pending timer; undefined: only cancels it */
  set(name: N, ms: number | undefined): void;
  stop(): void;
}

export function createNamedTimers<N>(clock: Pick<Clock, 'after'>, onDue: (name: N) => void): NamedTimers<N> {
  const waiting = new Map<N, () => void>();
  return {
    set(name, ms) {
      waiting.get(name)?.();
      waiting.delete(name);
      if (ms !== undefined)
        waiting.set(
          name,
          clock.after(ms, () => onDue(name)),
        );
    },
    stop() {
      for (const cancel of waiting.values()) cancel();
      waiting.clear();
    },
  };
}
