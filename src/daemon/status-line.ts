// The line of `systemctl status`: problems first, then `3/3 tunnels up, 3/3 adjacencies Full, 464 routes, in sync`.
import { count, formatClock } from '../net/units.ts';
import { statusSummary } from '../status/summary.ts';
import type { Status } from '../status/types.ts';
import type { DaemonState } from './types.ts';

/** The first line of the first located error: its later lines are an excerpt of the file. */
function badFile({ badState, source }: DaemonState): string[] {
  const [first] = badState;
  if (first === undefined) return [];
  const more = badState.length === 1 ? '' : ` (and ${count(badState.length - 1, 'more error')})`;
  const stays = source === undefined ? 'no state is in force' : 'the last good state is in force';
  return [`state file is bad: ${first.split('\n')[0] ?? ''}${more}; ${stays}`];
}

function held({ holdUntil }: DaemonState): string[] {
  if (holdUntil === undefined) return [];
  return [holdUntil === 'until-resume' ? 'held until resumed' : `held until ${formatClock(holdUntil)}`];
}

const awaited = ({ awaitedFile }: DaemonState): string[] =>
  awaitedFile === undefined ? [] : [`waiting for ${awaitedFile}: the router is not changed until the file exists`];

export function statusLine(state: DaemonState, status: Status | undefined): string {
  const first = state.source === undefined ? [] : ['the first pass is under way'];
  const summary = status === undefined ? first : [statusSummary(status)];
  return [...awaited(state), ...badFile(state), ...held(state), ...summary].join('; ');
}
