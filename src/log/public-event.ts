// Daemon events as they may leave the process: without payloads, and without the text of the state file. publicJson writes them.
import { formatDiagnostics } from '../config/diagnostic.ts';
import type { DaemonEvent } from '../daemon/types.ts';
import { publicOperation, publicReport } from '../engine/public.ts';
import { describe } from './describe.ts';
import type { LogRecord } from './record.ts';

/** What the journal says of it, for people. */
export type EventLine = Pick<LogRecord, 'level' | 'event' | 'message'>;

/** As JSON of a stable shape: `type`, `lines`, and what the event of that type has. */
export type PublicEvent = {
  readonly type: DaemonEvent['type'];
  readonly lines: readonly EventLine[];
} & Readonly<Record<string, unknown>>;

function facts(event: DaemonEvent): { readonly type: DaemonEvent['type'] } & Readonly<Record<string, unknown>> {
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

export const publicEvent = (event: DaemonEvent): PublicEvent => ({
  ...facts(event),
  lines: describe(event).map(({ level, event: name, message }) => ({ level, event: name, message })),
});
