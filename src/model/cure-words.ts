// How an operator applies the state file, whether or not the daemon holds the lock (while it does, 'wgospf apply' ends with exit
// code 5 and does nothing).

export const APPLY = "'wgospf reload', or 'wgospf apply' where the daemon does not run";

/** The daemon takes over nothing by itself. */
export const ADOPT = "'wgospf apply --adopt' with the daemon stopped";
