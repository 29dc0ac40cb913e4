// Passes events to all listeners, in the order of their subscription.
import type { Emit } from './types.ts';

export interface Bus {
  readonly emit: Emit;
  /** returns a function that ends the subscription */
  readonly subscribe: (listener: Emit) => () => void;
}

export function createBus(): Bus {
  const listeners = new Set<Emit>();
  return {
    emit(event) {
      for (const listener of [...listeners]) listener(event);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
