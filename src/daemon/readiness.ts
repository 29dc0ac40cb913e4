// When the daemon is ready: its first pass is over, or there is no state to make one to; and again at the end of each reload.
import type { Bus } from './bus.ts';
import type { DaemonEvent } from './types.ts';

export interface Readiness {
  /** says so, unless it was said since the start or the last reload */
  ready(): void;
  /** a reload begins; the result waits for the end of its pass */
  reloading(): { readonly passed: () => Promise<void> };
}

/** A pass that was under way when it was asked for is another's, and tells nothing of it. */
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
