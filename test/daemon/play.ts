// Plays events to a machine and writes down the effects after each.
import type { Next } from '../../src/daemon/machine.ts';

export interface Played<S, E> {
  readonly state: S;
  /** the effects of each event in turn */
  readonly effects: readonly (readonly E[])[];
}

/** @param events each with the ticks of its arrival */
export function play<S, V, E>(first: S, next: Next<S, V, E>, events: readonly (readonly [number, V])[]): Played<S, E> {
  let state = first;
  const effects = events.map(([now, event]) => {
    const step = next(state, event, now);
    state = step.state;
    return step.effects;
  });
  return { state, effects };
}
