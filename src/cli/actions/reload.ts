// `wgospf reload`: the daemon reads the state file again; ends when the router is what it says.
import type { DaemonAnswer } from '../../daemon/sockets.ts';
import { askDaemon } from '../ask-daemon.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { heldText } from '../format/daemon.ts';
import { stringify } from '../format/json.ts';
import { formatRest, formatResult, reportSummary } from '../format/report.ts';
import type { JsonOptions } from '../options.ts';
import { requireRoot } from '../require-root.ts';

/**
 * Of a pass that came after the question; one that failed leaves none.
 * @param now the time of day
 * @param waited milliseconds since the question
 */
function passSince(
  { lastPass }: DaemonAnswer,
  { now, waited }: { now: number; waited: number },
): NonNullable<DaemonAnswer['lastPass']> {
  if (lastPass !== undefined && now <= lastPass.at + waited) return lastPass;
  const cure = 'the pass failed: see journalctl -u wgospf';
  throw new CliError(`wgospf reload: the file was read, but ${cure}`, exitCodes.failed);
}

export async function reload(ctx: Context, { json }: JsonOptions): Promise<ExitCode> {
  requireRoot(ctx, 'reload');
  const asked = ctx.host().ticks();
  const { daemon } = await askDaemon('reload', () => ctx.daemon.reload());
  if (json) ctx.out(stringify({ daemon }));
  if (daemon.badState.length > 0) {
    if (!json) ctx.err(daemon.badState.join('\n\n'));
    const stays = daemon.source === undefined ? 'no state is in force' : 'the last good state stays in force';
    throw new CliError(`the state file is bad; ${stays}`, exitCodes.badState);
  }
  if (daemon.awaitedFile !== undefined) {
    throw new CliError(`${daemon.awaitedFile} does not exist: the daemon waits for it`, exitCodes.badState);
  }
  const { report, ms } = passSince(daemon, { now: ctx.host().now(), waited: Math.ceil(ctx.host().ticks() - asked) });
  if (json) return report.inSync ? exitCodes.ok : exitCodes.failed;
  const held = heldText(daemon);
  if (held !== undefined) ctx.out(ctx.style.warn(`${held}: nothing was applied`));
  for (const result of report.results) ctx.out(formatResult(result, ctx.style));
  ctx.out([...formatRest(report, ctx.style), reportSummary(report, ms)].join('\n'));
  return report.inSync ? exitCodes.ok : exitCodes.failed;
}
