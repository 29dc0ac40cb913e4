// `wgospf run`: the daemon, from its start to the signal that ends it. The network then stays as it is.
import type { SignalHandlers } from '../host/signals.ts';
import { createDaemon, type DaemonOptions } from './daemon.ts';
import { serveControl } from './control.ts';

export interface RunOptions extends DaemonOptions {
  readonly handleSignals: (handlers: SignalHandlers) => () => void;
}

/** Ends when a signal says so. The lock of src/host/lock.ts is the caller's to hold. */
export async function runDaemon({ handleSignals, ...options }: RunOptions): Promise<void> {
  const daemon = await createDaemon(options);
  const ended = new Promise<void>((end) => {
    handleSignals({ onEnd: end, onReload: () => void daemon.reload() });
  });
  const control = await serveControl(daemon);
  await daemon.start();
  await ended;
  await control.close();
  await daemon.stop();
}
