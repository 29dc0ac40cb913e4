// The daemon's sockets, and the request and answer of each path.
import type { PublicPlan, PublicReport } from '../engine/public.ts';
import type { Status } from '../status/types.ts';
import type { DaemonState } from './types.ts';

export const RUN_FOLDER = '/run/wgospf';

/** only root may connect (0600): all requests */
export const CONTROL_SOCKET = 'control.sock';
/** the group may connect (0660): only reads. A second socket, because Node cannot ask the kernel for the peer's user (SO_PEERCRED). */
export const STATUS_SOCKET = 'status.sock';

/** the group whose members may read; the package makes it */
export const GROUP = 'wgospf';

/** A DaemonState without payloads. */
export type DaemonAnswer = Omit<DaemonState, 'lastPass'> & {
  readonly lastPass: { readonly at: number; readonly ms: number; readonly report: PublicReport } | undefined;
};

/** GET /status, and `wgospf status --json`; there `daemon` is null without a daemon */
export type StatusAnswer = Status & { readonly daemon: DaemonAnswer | undefined };

/** GET /plan */
export type PlanAnswer = PublicPlan;

/** POST /reload, /hold, /resume: the daemon's state afterwards */
export interface DoneAnswer {
  readonly daemon: DaemonAnswer;
}

/** POST /hold; without `ms`: until resumed. At most a week, because more is probably a typing error */
export interface HoldBody {
  readonly ms?: number;
}

export const MAX_HOLD_MS: number = 7 * 24 * 3_600_000;
