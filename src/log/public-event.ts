// Daemon events as they may leave the process: without payloads, and without the text of the state file. publicJson writes them.
import { formatDiagnostics } from '../config/diagnostic.ts';
import type { DaemonEvent } from '../daemon/types.ts';
import { publicOperation, publicReport } from '../engine/public.ts';

/** As JSON of a stable shape: `type` and what the event of that name has. */
export type PublicEvent = { readonly type: DaemonEvent['type'] } & Readonly<Record<string, unknown>>;

export function publicEvent(event: DaemonEvent): PublicEvent {
  switch (event.type) {
    case 'pass':
      return { ...event, report: publicReport(event.report) };
    case 'repaired':
      return { ...event, operations: event.operations.map(publicOperation) };
    case 'state-bad': {
      const { type, diagnostics, text } = event;
      const errors = diagnostics.filter((d) => d.severity === 'error');
      return { type, errors: errors.map((d) => formatDiagnostics([d], text)) };
    }
    default:
      return { ...event };
  }
}
