// The daemon's signals: end (SIGTERM, SIGINT) and reload of its files (SIGHUP). Also unhandled rejections, which would end the
// process.

export interface SignalHandlers {
  readonly onEnd: () => void;
  readonly onReload: () => void;
}

/** The returned function removes the handlers. A second SIGTERM ends the process at once, as it does without handlers. */
export function handleSignals({ onEnd, onReload }: SignalHandlers): () => void {
  let ending = false;
  // Our handler must stay while execa's own handler runs after it: execa's raises the signal again if it is the only handler.
  const end = (signal: NodeJS.Signals): void => {
    if (ending) {
      takeBack();
      process.kill(process.pid, signal);
      return;
    }
    ending = true;
    onEnd();
  };
  const takeBack = (): void => void process.off('SIGTERM', end).off('SIGINT', end).off('SIGHUP', onReload);
  process.on('SIGTERM', end).on('SIGINT', end).on('SIGHUP', onReload);
  return takeBack;
}

/** Reports unhandled rejections, for which Node ends the process unless there is a listener. The returned function removes the listener. */
export function handleForgotten(told: (error: unknown) => void): () => void {
  process.on('unhandledRejection', told);
  return () => void process.off('unhandledRejection', told);
}
