// Reply codes of BIRD's control socket (doc/reply_codes, the same in 1.6, 2 and 3). The English texts change, the codes do not.

export const codes = {
  greeting: 1,
  /** `0002-Reading configuration from FILE` */
  reading: 2,
  /** accepted; in `configure status`: the daemon runs, nothing is in progress */
  reconfigured: 3,
  /** accepted, still in progress: protocols that are restarted or removed go down */
  inProgress: 4,
  /** accepted, waits for the reconfiguration before it */
  queued: 5,
  disabled: 9,
  /** last line of `show status` */
  running: 13,
  restricted: 16,
  /** instead of `queued` if it replaces one that already waited */
  queuedInstead: 17,
  confirmed: 18,
  nothingToDo: 19,
  checked: 20,
  undoRequested: 21,
  /** `Undo scheduled in 30 s`; in `configure status`: not confirmed yet */
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
  /** this code and above: BIRD did not do it */
  runtimeError: 8000,
  /** this code and above: BIRD did not understand it, or does not know the name */
  parseError: 9000,
} as const;
