// `wgospf down`: removes exactly what is ours, guards last. Needs no state file and no DNS.
import type { Report } from '../../engine/types.ts';
import type { Context } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { JsonOptions } from '../options.ts';
import { requireRoot } from '../require-root.ts';
import { runReconcile } from '../run-reconcile.ts';
import { createLastGood } from '../../daemon/last-good.ts';
import { forgetTraces } from '../forget-traces.ts';
import { count, formatSeconds } from '../../net/units.ts';

/** `down` ignores foreign objects and counts only ours. */
function downSummary({ results, remaining, waiting }: Report, ms: number): string {
  const done = results.filter((r) => r.outcome.status === 'done').length;
  const left = remaining.length + waiting.length;
  if (left > 0) return `not down: ${count(left, 'object')} of ours left`;
  return results.length === 0
    ? 'down: nothing of ours was here'
    : `down: nothing of ours is left, ${count(done, 'operation')} done in ${formatSeconds(ms)}`;
}

const isWhole = ({ remaining, waiting }: Report): boolean => remaining.length + waiting.length === 0;

export async function down(ctx: Context, { json }: JsonOptions): Promise<ExitCode> {
  requireRoot(ctx, 'down');
  const forget = async (report: Report): Promise<void> => {
    if (!isWhole(report)) return;
    // otherwise a daemon that finds a bad file later would use it
    await createLastGood(ctx.host().files).forget();
    await forgetTraces(ctx);
  };
  const options = { adopt: false, json: json ?? false, summary: downSummary, after: forget };
  const report = await runReconcile(ctx, () => Promise.resolve(undefined), options);
  return isWhole(report) ? exitCodes.ok : exitCodes.failed;
}
