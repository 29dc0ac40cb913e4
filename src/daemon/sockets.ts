// Where the daemon is asked, and what each path of it gives and takes.
import type { PublicPlan, PublicReport } from '../engine/public.ts';
import type { Status } from '../status/types.ts';
import type { DaemonState } from './types.ts';

export const RUN_FOLDER = '/run/wgospf';

/** root alone (0600): everything */
export const CONTROL_SOCKET = 'control.sock';
/** the group may connect (0660): reading only. Node cannot ask the kernel who the peer is (SO_PEERCRED), so it is a second one. */
export const STATUS_SOCKET = 'status.sock';

/** members may read; the package makes it */
export const GROUP = 'wgospf';

/** A DaemonState without payloads. */
export type DaemonAnswer = Omit<DaemonState, 'lastPass'> & {
  readonly lastPass: { readonly at: number; readonly ms: number; readonly report: PublicReport } | undefined;
};

/** GET /status, and `wgospf status --json`, where it is null without a daemon */
export type StatusAnswer = Status & { readonly daemon: DaemonAnswer | undefined };

/** GET /plan */
export type PlanAnswer = PublicPlan;

/** POST /reload, /hold, /resume: the daemon after it was done */
export interface DoneAnswer {
  readonly daemon: DaemonAnswer;
}

/** POST /hold; without ms until resumed. At most a week: a longer one is a typing error */
export interface HoldBody {
  readonly ms?: number;
}

export const MAX_HOLD_MS: number = 7 * 24 * 3_600_000;
