// The facts from which metrics are made.
import type { DaemonAnswer } from '../sockets.ts';
import type { Status } from '../../status/types.ts';

/** The daemon's counts since it started; facts of the host are read from the host instead. */
export interface Counters {
  /** passes by result: `in-sync`, `not-in-sync`, `failed` */
  readonly passes: Readonly<Record<PassResult, number>>;
  /** end of the last pass in sync, seconds since the epoch; undefined: there was none */
  readonly lastSuccess: number | undefined;
  /** number of repairs, by kind of object */
  readonly repairs: Readonly<Record<string, number>>;
}

export type PassResult = 'in-sync' | 'not-in-sync' | 'failed';

/** The leak check's result. */
export interface LeakCount {
  /** number of probes */
  readonly asked: number;
  /** number of paths that cross, by origin; 0 if none does */
  readonly crossing: Readonly<Record<string, number>>;
}

export interface MetricsFacts {
  readonly version: string;
  readonly status: Status;
  /** undefined if the kernel could not be asked, or there is no model */
  readonly leaks: LeakCount | undefined;
  /** undefined without a daemon */
  readonly daemon: { readonly counters: Counters; readonly state: Pick<DaemonAnswer, 'badState'> } | undefined;
}
