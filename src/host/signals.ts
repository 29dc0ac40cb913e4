// Signals that a daemon lives by: the end (SIGTERM, SIGINT) and another look at its files (SIGHUP). And what would end it
// without one.

export interface SignalHandlers {
  readonly onEnd: () => void;
  readonly onReload: () => void;
}

/** The result takes the handlers back. A second SIGTERM ends the process at once, as it would without us. */
export function handleSignals({ onEnd, onReload }: SignalHandlers): () => void {
  let ending = false;
  // Ours must stay while execa's own handler runs behind it: that one raises the signal again where it finds itself alone.
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

/** Rejections that nobody handles, which Node ends the process for unless somebody listens. The result takes the ear back. */
export function handleForgotten(told: (error: unknown) => void): () => void {
  process.on('unhandledRejection', told);
  return () => void process.off('unhandledRejection', told);
}
