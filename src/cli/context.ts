// What a command gets: a console, a host, and the stages of the flow behind functions, so that tests bring their own.
import type { Diagnostic } from '../config/diagnostic.ts';
import type { DaemonClient } from '../daemon/client.ts';
import type { Plan, Report, Result } from '../engine/types.ts';
import type { Earlier } from '../leak-check/reconcile-closed.ts';
import type { HomeNamespace } from '../host/home-namespace.ts';
import type { LockHolder } from '../host/lock.ts';
import type { HostReader } from '../host/reader.ts';
import type { Host } from '../host/types.ts';
import type { Level } from '../log/record.ts';
import type { RouterModel } from '../model/types.ts';
import type { Style } from './style.ts';
import type { LogFormat } from '../log/logger.ts';
import type { Terminal } from './terminal.ts';

/** A state file as it was read; `model` is undefined where a diagnostic is an error. */
export interface Loaded {
  readonly model: RouterModel | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly text: string;
}

export interface ReconcileOptions {
  readonly adopt: boolean;
  readonly onResult?: (result: Result) => void;
  /** of a new model: what a pass that opens a path goes back to */
  readonly earlier?: Earlier | undefined;
}

export interface DaemonStart {
  readonly state: string;
  /** absent: `plain` on a terminal, else `journal` */
  readonly format?: LogFormat | undefined;
  readonly level: Level;
}

export interface Console {
  /** writes the text and a newline to standard output */
  readonly out: (text: string) => void;
  /** writes the text and a newline to standard error */
  readonly err: (text: string) => void;
  /** for `out` */
  readonly style: Style;
}

export interface Context extends Console {
  /** effective user id 0 */
  readonly root: boolean;
  /** made at the first call */
  readonly host: () => Host;
  readonly readInput: () => Promise<string>;
  /** never throws for a bad file */
  readonly load: (file: string) => Promise<Loaded>;
  /** also with the paths that cross, as at the end of a pass. @param options `on`: what was read already */
  readonly makePlan: (
    model: RouterModel | undefined,
    options: { readonly adopt: boolean; readonly on?: HostReader },
  ) => Promise<Plan>;
  readonly reconcile: (model: RouterModel | undefined, options: ReconcileOptions) => Promise<Report>;
  /** returns the function that releases it; throws a HostError EBUSY if another wgospf runs */
  readonly takeLock: (as: LockHolder) => Promise<() => void>;
  /** the network namespace to which our objects belong; only for the holder of the lock */
  readonly home: HomeNamespace;
  /** the daemon of this host, whether or not it runs */
  readonly daemon: DaemonClient;
  /** undefined if standard input or output is not a terminal */
  readonly terminal: Terminal | undefined;
  /** ends when a signal ends it */
  readonly runDaemon: (options: DaemonStart) => Promise<void>;
  /** the agent's part inside a network namespace, listening there; ends when it has nothing left to do */
  readonly serveInside: (socket: string) => Promise<void>;
  /** this process becomes the program, with its arguments; throws a HostError where it cannot */
  readonly become: (command: readonly string[]) => void;
}
