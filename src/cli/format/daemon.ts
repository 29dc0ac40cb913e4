// The daemon's own lines in `wgospf status` and `watch`.
import type { DaemonAnswer } from '../../daemon/sockets.ts';
import { count, formatAge, formatClock } from '../../net/units.ts';
import type { Style } from '../style.ts';

const seconds = (ms: number): number => Math.max(0, Math.round(ms / 1000));

/** `2026-11-22 18:30`, in local time */
function formatDay(at: number): string {
  const d = new Date(at);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${formatClock(at).slice(0, 5)}`;
}

function head({ pid, startedAt, passes, repairs, lastPass }: DaemonAnswer, now: number): string {
  const since = `since ${formatDay(startedAt)} (${formatAge(seconds(now - startedAt))})`;
  const last = lastPass === undefined ? 'no pass yet' : `last pass ${formatAge(seconds(now - lastPass.at))} ago`;
  const passed = `${passes} ${passes === 1 ? 'pass' : 'passes'}`;
  return `daemon: pid ${pid}, ${since}, ${passed}, ${count(repairs, 'repair')}, ${last}`;
}

/** `held until 19:40:12`, undefined where it is not */
export function heldText({ holdUntil }: DaemonAnswer): string | undefined {
  if (holdUntil === undefined) return undefined;
  return holdUntil === 'until-resume' ? "held until 'wgospf resume'" : `held until ${formatClock(holdUntil)}`;
}

const inForce = ({ source }: DaemonAnswer): string =>
  source === undefined ? 'no state is in force' : 'the last good state is in force';

/** @param now milliseconds since the epoch */
export function formatDaemon(daemon: DaemonAnswer, now: number, style: Style): string[] {
  const held = heldText(daemon);
  const { badState, awaitedFile, retryAt, source } = daemon;
  return [
    head(daemon, now),
    ...(awaitedFile === undefined
      ? []
      : [style.warn(`waiting for ${awaitedFile}: the router is not changed until the file exists`)]),
    ...(held === undefined ? [] : [style.warn(`${held}: nothing is repaired`)]),
    ...(retryAt === undefined ? [] : [style.warn(`next try in ${formatAge(seconds(retryAt - now))}`)]),
    ...(badState.length === 0 && source === 'last-good' ? [style.warn('the last good state is in force')] : []),
    ...(badState.length === 0 ? [] : [style.bad(`the state file is bad, ${inForce(daemon)}:`), ...badState]),
  ];
}
