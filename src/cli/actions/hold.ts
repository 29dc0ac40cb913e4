// `wgospf hold`: repairs wait while an operator experiments.
import { askDaemon } from '../ask-daemon.ts';
import type { Context } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { heldText } from '../format/daemon.ts';
import { stringify } from '../format/json.ts';
import { formatNotices } from '../format/notices.ts';
import { formatStages } from '../format/plan.ts';
import type { JsonOptions } from '../options.ts';
import { requireRoot } from '../require-root.ts';

export async function hold(ctx: Context, ms: number | undefined, { json }: JsonOptions): Promise<ExitCode> {
  requireRoot(ctx, 'hold');
  const { daemon } = await askDaemon('hold', () => ctx.daemon.hold(ms));
  const plan = await ctx.daemon.plan();
  if (json) {
    ctx.out(stringify({ daemon, plan }));
    return exitCodes.ok;
  }
  const { style } = ctx;
  const held = `${heldText(daemon) ?? 'not held'}: nothing is repaired`;
  ctx.out(ms === undefined ? held : `${held}; 'wgospf resume' ends it earlier`);
  const repairs = plan.operations.length === 0 ? ['none now'] : formatStages(plan.operations, style);
  ctx.out(['', "repairs that wait ('wgospf plan' prints them again):", ...repairs].join('\n'));
  const notices = formatNotices(plan, style);
  if (notices.length > 0) ctx.out(notices.join('\n'));
  return exitCodes.ok;
}
