// Decides when the daemon is ready: when its first pass is over or there is no model; and again at the end of each reload.
import type { Bus } from './bus.ts';
import type { DaemonEvent } from './types.ts';

export interface Readiness {
  /** emits `ready`, once after the start and once after each reload */
  ready(): void;
  /** begins a reload; `passed` is done at the end of its pass */
  reloading(): { readonly passed: () => Promise<void> };
}

/** Whether the event ends a reload. A pass that already ran when the reload began does not. */
const endsReload = (event: DaemonEvent): boolean =>
  ((event.type === 'pass' || event.type === 'pass-failed') &&
    event.triggers.some(({ reason }) => reason === 'reload')) ||
  event.type === 'stopping';

export function createReadiness({ emit, subscribe }: Bus): Readiness {
  let said = false;
  const ready = (): void => {
    if (said) return;
    said = true;
    emit({ type: 'ready' });
  };
  subscribe(({ type }) => {
    if (type === 'pass' || type === 'pass-failed') ready();
  });
  return {
    ready,
    reloading() {
      said = false;
      emit({ type: 'reloading' });
      return {
        passed: () =>
          new Promise((resolve) => {
            const end = subscribe((event) => {
              if (!endsReload(event)) return;
              end();
              resolve();
            });
          }),
      };
    },
  };
}
