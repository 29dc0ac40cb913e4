// `wgospf run`: the daemon, from its start to the signal that ends it. The network stays as it is afterwards.
import type { SignalHandlers } from '../host/signals.ts';
import { createDaemon, type DaemonOptions } from './daemon.ts';
import { serveControl } from './control.ts';
import { createUnattended, troubleEvent } from './unattended.ts';

export interface RunOptions extends DaemonOptions {
  readonly handleSignals: (handlers: SignalHandlers) => () => void;
  /** calls `told` for each rejected promise that nobody awaits; returns a function that ends this */
  readonly onForgotten: (told: (error: unknown) => void) => () => void;
}

/** Ends on a signal. The caller must hold the lock of src/host/lock.ts. */
export async function runDaemon({ handleSignals, onForgotten, ...options }: RunOptions): Promise<void> {
  const { log } = options;
  // the last resort: a bug in one part must not stop the repair of the router
  onForgotten((error) => log(troubleEvent('something that nobody waited for', error)));
  const daemon = await createDaemon(options);
  const unattended = createUnattended(log);
  const ended = new Promise<void>((end) => {
    const onReload = (): void => unattended('read the state file again (SIGHUP)', () => daemon.reload());
    handleSignals({ onEnd: end, onReload });
  });
  const control = await serveControl(daemon);
  await Promise.race([daemon.start(), ended]);
  await ended;
  await control.close();
  await daemon.stop();
}
