// The daemon's vocabulary: what starts a pass, what happens, and what a reader of its state sees.
import type { Diagnostic } from '../config/diagnostic.ts';
import type { Condition, ObjectRef, Operation, Report } from '../engine/types.ts';

/** What starts a pass. Triggers that come while one runs are joined into the next. */
export interface Trigger {
  readonly reason:
    'start' | 'file' | 'drift' | 'overflow' | 'timer' | 'retry' | 'reload' | 'resume' | 'endpoint' | 'bird';
  /** by the clock's ticks */
  readonly at: number;
  /** `drift`: what was undone */
  readonly drift?: Drift;
}

/** One object of ours that somebody else deleted or changed. */
export interface Drift {
  readonly ref: ObjectRef;
  readonly undone: 'deleted' | 'changed' | 'added';
  /** by the clock's ticks, when we heard of it */
  readonly at: number;
}

/** Everything worth telling, as data; log/ makes journal lines of it, the control socket streams it. */
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
  /** there is no state file, nor a state from before: nothing is done until there is one */
  | { readonly type: 'state-awaited'; readonly file: string }
  | { readonly type: 'state-mended'; readonly generation: string }
  /** it opened a path, and was undone; `back` is the generation in force again, undefined where there was none before */
  | { readonly type: 'state-withdrawn'; readonly generation: string; readonly back: string | undefined }
  /** `until` is the time of day, milliseconds since the epoch; `ms` is how long; neither: until resumed */
  | { readonly type: 'hold'; readonly until: number | undefined; readonly ms: number | undefined }
  | { readonly type: 'resume' }
  | { readonly type: 'condition'; readonly condition: Condition; readonly raised: boolean }
  | { readonly type: 'endpoint'; readonly tunnel: string; readonly from: string; readonly to: string }
  | { readonly type: 'bird'; readonly state: 'up' | 'down' | 'silent'; readonly version: string | undefined }
  /** something outside of a pass failed: what a signal, a timer or a change of a file began */
  | { readonly type: 'trouble'; readonly doing: string; readonly code: string; readonly message: string }
  | { readonly type: 'ready' | 'reloading' | 'stopping' };

export type Emit = (event: DaemonEvent) => void;

/** The daemon as the control socket, systemd's status line and `wgospf status` see it. */
export interface DaemonState {
  readonly pid: number;
  readonly version: string;
  /** milliseconds since the epoch */
  readonly startedAt: number;
  readonly generation: string | undefined;
  /** where the model in force came from */
  readonly source: 'file' | 'last-good' | undefined;
  /** located errors of the file while it is bad, as `formatDiagnostic` writes them; empty while it is good */
  readonly badState: readonly string[];
  /** the state file that is waited for: it is missing, and there is no state from before; else undefined */
  readonly awaitedFile: string | undefined;
  readonly holdUntil: number | 'until-resume' | undefined;
  readonly lastPass: { readonly at: number; readonly ms: number; readonly report: Report } | undefined;
  readonly passes: number;
  readonly repairs: number;
  /** milliseconds since the epoch of the next retry, where the last pass left something undone */
  readonly retryAt: number | undefined;
  readonly conditions: readonly Condition[];
}

/** What the loop offers to those who start passes and those who ask after it. */
export interface Loop {
  trigger(trigger: Trigger): void;
  /** freezes repairs; undefined: until resume() */
  hold(ms: number | undefined): void;
  resume(): void;
  readonly state: () => DaemonState;
  /** lets a running pass end; the network stays as it is */
  stop(): Promise<void>;
}
