// `wgospf run`: the daemon, from its start to the signal that ends it. The network then stays as it is.
import type { SignalHandlers } from '../host/signals.ts';
import { createDaemon, type DaemonOptions } from './daemon.ts';
import { serveControl } from './control.ts';
import { createUnattended, troubleEvent } from './unattended.ts';

export interface RunOptions extends DaemonOptions {
  readonly handleSignals: (handlers: SignalHandlers) => () => void;
  /** hears of promises that were rejected and that nobody awaits; the result ends it */
  readonly onForgotten: (told: (error: unknown) => void) => () => void;
}

/** Ends when a signal says so. The lock of src/host/lock.ts is the caller's to hold. */
export async function runDaemon({ handleSignals, onForgotten, ...options }: RunOptions): Promise<void> {
  const { log } = options;
  // the last resort: a mistake of ours in one corner is no reason to leave the router alone
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
