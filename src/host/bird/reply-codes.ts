// Numbers of BIRD's control socket (doc/reply_codes, the same in 1.6, 2 and 3). The English beside them changes, these do not.

export const codes = {
  greeting: 1,
  /** `0002-Reading configuration from FILE` */
  reading: 2,
  /** taken; in `configure status`: the daemon runs, nothing is in progress */
  reconfigured: 3,
  /** taken, and still at work: protocols go down that are restarted or removed */
  inProgress: 4,
  /** taken, and waits for the one before it */
  queued: 5,
  disabled: 9,
  /** last line of `show status` */
  running: 13,
  restricted: 16,
  /** instead of `queued` where one that waited already is replaced */
  queuedInstead: 17,
  confirmed: 18,
  nothingToDo: 19,
  checked: 20,
  undoRequested: 21,
  /** `Undo scheduled in 30 s`; in `configure status`: unconfirmed as yet */
  undoScheduled: 22,
  evaluated: 23,
  version: 1000,
  protocol: 1002,
  protocolDetails: 1006,
  route: 1007,
  status: 1011,
  ospfNeighbors: 1013,
  ospfInterface: 1015,
  ospfState: 1016,
  ospfLsadb: 1017,
  /** last line of `show route count` in 1.6 and 2 */
  routeCount: 14,
  /** from here on BIRD did not do it */
  runtimeError: 8000,
  /** from here on BIRD did not understand it, or does not know the name */
  parseError: 9000,
} as const;
