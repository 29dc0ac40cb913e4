// The daemon's types: what starts a pass, the events, and the state as readers see it.
import type { Diagnostic } from '../config/diagnostic.ts';
import type { Condition, ObjectRef, Operation, Report } from '../engine/types.ts';

/** Starts a pass. Triggers during a pass are joined into the next one. */
export interface Trigger {
  readonly reason:
    'start' | 'file' | 'drift' | 'overflow' | 'timer' | 'retry' | 'reload' | 'resume' | 'endpoint' | 'bird';
  /** by the clock's ticks */
  readonly at: number;
  /** with reason `drift`: the undone object */
  readonly drift?: Drift;
}

/** One object of ours that somebody else deleted or changed. */
export interface Drift {
  readonly ref: ObjectRef;
  readonly undone: 'deleted' | 'changed' | 'added';
  /** when we got the event, by the clock's ticks */
  readonly at: number;
}

/** Every event to report, as data; log/ turns it into journal lines, the control socket streams it. */
export type DaemonEvent =
  | { readonly type: 'pass'; readonly report: Report; readonly triggers: readonly Trigger[]; readonly ms: number }
  | {
      readonly type: 'pass-failed';
      readonly code: string;
      readonly message: string;
      readonly triggers: readonly Trigger[];
      readonly retryInMs: number;
    }
  | {
      readonly type: 'repaired';
      readonly drift: Drift;
      readonly goneMs: number;
      readonly operations: readonly Operation[];
    }
  | {
      readonly type: 'fight';
      readonly ref: ObjectRef;
      readonly times: number;
      readonly culprit: string | undefined;
      readonly pauseMs: number;
    }
  | { readonly type: 'overflow' }
  | { readonly type: 'state-loaded'; readonly generation: string; readonly source: 'file' | 'last-good' }
  | { readonly type: 'state-bad'; readonly diagnostics: readonly Diagnostic[]; readonly text: string }
  /** there is neither a state file nor an earlier one: nothing is done until there is one */
  | { readonly type: 'state-awaited'; readonly file: string }
  | { readonly type: 'state-mended'; readonly generation: string }
  /** the model opened a path and was undone; `back` is the generation in force again, undefined if there was none before */
  | { readonly type: 'state-withdrawn'; readonly generation: string; readonly back: string | undefined }
  /** `until`: the end, milliseconds since the epoch; `ms`: the duration; neither: until resumed */
  | { readonly type: 'hold'; readonly until: number | undefined; readonly ms: number | undefined }
  | { readonly type: 'resume' }
  | { readonly type: 'condition'; readonly condition: Condition; readonly raised: boolean }
  | { readonly type: 'endpoint'; readonly tunnel: string; readonly from: string; readonly to: string }
  | { readonly type: 'bird'; readonly state: 'up' | 'down' | 'silent'; readonly version: string | undefined }
  /** work outside a pass failed: started by a signal, a timer or a change of a file */
  | { readonly type: 'trouble'; readonly doing: string; readonly code: string; readonly message: string }
  | { readonly type: 'ready' | 'reloading' | 'stopping' };

export type Emit = (event: DaemonEvent) => void;

/** The daemon's state for the control socket, systemd's status line and `wgospf status`. */
export interface DaemonState {
  readonly pid: number;
  readonly version: string;
  /** milliseconds since the epoch */
  readonly startedAt: number;
  readonly generation: string | undefined;
  /** the origin of the model in force */
  readonly source: 'file' | 'last-good' | undefined;
  /** located errors of the file while it is bad, as `formatDiagnostic` writes them; empty while it is good */
  readonly badState: readonly string[];
  /** the state file if it is missing and there is no earlier one; else undefined */
  readonly awaitedFile: string | undefined;
  readonly holdUntil: number | 'until-resume' | undefined;
  readonly lastPass: { readonly at: number; readonly ms: number; readonly report: Report } | undefined;
  readonly passes: number;
  readonly repairs: number;
  /** time of the next retry if the last pass left something undone, milliseconds since the epoch */
  readonly retryAt: number | undefined;
  readonly conditions: readonly Condition[];
}

/** The interface of the loop, for the parts that start passes or need its state. */
export interface Loop {
  trigger(trigger: Trigger): void;
  /** freezes repairs; undefined: until resume() */
  hold(ms: number | undefined): void;
  resume(): void;
  readonly state: () => DaemonState;
  /** lets a running pass end; the network stays as it is */
  stop(): Promise<void>;
}
