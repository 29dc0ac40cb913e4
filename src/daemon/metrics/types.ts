// What metrics are made of.
import type { DaemonAnswer } from '../sockets.ts';
import type { Status } from '../../status/types.ts';

/** What the daemon counted since it started; all but its own life is read from the host instead. */
export interface Counters {
  /** passes by how they ended: `in-sync`, `not-in-sync`, `failed` */
  readonly passes: Readonly<Record<PassResult, number>>;
  /** seconds since the epoch at which a pass last ended in sync; undefined: none did */
  readonly lastSuccess: number | undefined;
  /** what others undid and was put back, by kind of object */
  readonly repairs: Readonly<Record<string, number>>;
}

export type PassResult = 'in-sync' | 'not-in-sync' | 'failed';

/** The leak check's result. */
export interface LeakCount {
  /** questions asked */
  readonly asked: number;
  /** by origin, how many of its paths cross; 0 where none does */
  readonly crossing: Readonly<Record<string, number>>;
}

export interface MetricsFacts {
  readonly version: string;
  readonly status: Status;
  /** undefined where the kernel could not be asked, or there is no model */
  readonly leaks: LeakCount | undefined;
  /** undefined without a daemon */
  readonly daemon: { readonly counters: Counters; readonly state: Pick<DaemonAnswer, 'badState'> } | undefined;
}
