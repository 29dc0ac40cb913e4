// Exit codes of `wgospf`, one meaning each; docs/exit-codes.md tells them to the operator.

export const exitCodes = {
  /** done, or in sync */
  ok: 0,
  /** an operation failed, the router is not in sync, or the command could not do its work */
  failed: 1,
  /** `plan` only: changes are pending */
  pending: 2,
  /** the state file has errors; nothing was changed */
  badState: 3,
  notRoot: 4,
  /** another wgospf holds the lock */
  busy: 5,
  /** the command asks the daemon, and it does not run */
  notRunning: 6,
  /** what is ours belongs to another network namespace than this one; nothing was changed */
  elsewhere: 7,
  /** EX_USAGE of sysexits.h: unknown command, option or argument */
  usage: 64,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
