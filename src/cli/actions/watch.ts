// `wgospf watch`: the daemon's events as they happen; on a terminal below a status that stays up to date.
import { askDaemon } from '../ask-daemon.ts';
import type { Context } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { JsonOptions } from '../options.ts';
import { watchLive } from '../watch/live.ts';
import { formatSeen } from '../watch/view.ts';

/** One line an event, for pipes; until the daemon ends. */
async function printEvents(ctx: Context, json: boolean): Promise<ExitCode> {
  const events = ctx.daemon.events(new AbortController().signal);
  await askDaemon('watch', async () => {
    for await (const event of events) {
      if (json) ctx.out(JSON.stringify(event));
      else for (const line of event.lines) ctx.out(formatSeen({ ...line, at: ctx.host().now() }, ctx.style));
    }
  });
  ctx.err('wgospf watch: the daemon has ended');
  return exitCodes.notRunning;
}

export async function watch(ctx: Context, { json }: JsonOptions): Promise<ExitCode> {
  if (ctx.terminal === undefined || json) return printEvents(ctx, json ?? false);
  // missing permission or a missing daemon is reported before the screen is used
  await askDaemon('watch', () => ctx.daemon.status());
  await watchLive(ctx, ctx.terminal);
  return exitCodes.ok;
}
