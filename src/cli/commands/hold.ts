// `wgospf hold`: repairs wait while an operator experiments.
import { Argument, Command } from 'commander';
import { askDaemon } from '../ask-daemon.ts';
import type { MakeCommand } from '../command.ts';
import type { Context } from '../context.ts';
import { parseDuration } from '../duration.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { heldText } from '../format/daemon.ts';
import { stringify } from '../format/json.ts';
import { formatNotices } from '../format/notices.ts';
import { formatStages } from '../format/plan.ts';
import { jsonOption, type JsonOptions } from '../options.ts';
import { requireRoot } from '../require-root.ts';

async function hold(ctx: Context, ms: number | undefined, { json }: JsonOptions): Promise<ExitCode> {
  requireRoot(ctx, 'hold');
  const { daemon } = await askDaemon('hold', () => ctx.daemon.hold(ms));
  const plan = await ctx.daemon.plan();
  if (json) {
    ctx.out(stringify({ daemon, plan }));
    return exitCodes.ok;
  }
  const { style } = ctx;
  const held = `${heldText(daemon) ?? 'not held'}: nothing is repaired`;
  ctx.out(ms === undefined ? held : `${held}; 'wgospf resume' ends it before`);
  const repairs = plan.operations.length === 0 ? ['none now'] : formatStages(plan.operations, style);
  ctx.out(['', "repairs that would be done (later: 'wgospf plan'):", ...repairs].join('\n'));
  const notices = formatNotices(plan, style);
  if (notices.length > 0) ctx.out(notices.join('\n'));
  return exitCodes.ok;
}

export const holdCommand: MakeCommand = (ctx, finish) =>
  new Command('hold')
    .summary('let nothing be repaired for a while')
    .description('Let the daemon repair nothing while you experiment, and show what it would repair.')
    .addArgument(
      new Argument('[duration]', '30s, 10m, 1h; until resumed where left out').argParser<number>(parseDuration),
    )
    .addOption(jsonOption())
    .action(async (ms: number | undefined, options: JsonOptions) => finish(await hold(ctx, ms, options)));
