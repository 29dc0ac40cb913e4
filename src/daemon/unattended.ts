// Runs work that nobody awaits, started by timers, signals and events. A failure is reported, and the daemon continues.
import { isHostError } from '../host/error.ts';
import type { Emit } from './types.ts';

/** @param doing the work, as the line of the log names it: `read the state file` */
export type Unattended = (doing: string, work: () => Promise<unknown>) => void;

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export function createUnattended(emit: Emit): Unattended {
  return (doing, work) => {
    work().catch((error: unknown) => emit(troubleEvent(doing, error)));
  };
}

export const troubleEvent = (doing: string, error: unknown): Parameters<Emit>[0] => ({
  type: 'trouble',
  doing,
  code: isHostError(error) ? error.code : 'INTERNAL',
  message: messageOf(error),
});
