// Signals that a daemon lives by: the end (SIGTERM, SIGINT) and another look at its files (SIGHUP).

export interface SignalHandlers {
  readonly onEnd: () => void;
  readonly onReload: () => void;
}

/** The result takes the handlers back. A second SIGTERM ends the process at once, as it would without us. */
export function handleSignals({ onEnd, onReload }: SignalHandlers): () => void {
  const end = (): void => {
    process.off('SIGTERM', end).off('SIGINT', end);
    onEnd();
  };
  process.on('SIGTERM', end).on('SIGINT', end).on('SIGHUP', onReload);
  return () => void process.off('SIGTERM', end).off('SIGINT', end).off('SIGHUP', onReload);
}
