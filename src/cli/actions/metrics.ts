// `wgospf metrics`: Prometheus' text, for node_exporter's textfile collector or another scraper.
import { isNotRunning } from '../../daemon/client.ts';
import { readMetrics } from '../../daemon/metrics/read-metrics.ts';
import { isHostError } from '../../host/error.ts';
import { readStatus } from '../../status/read-status.ts';
import type { Context } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { loadAndPlan } from '../load-and-plan.ts';
import { DEFAULT_STATE_FILE, type StateOptions } from '../options.ts';
import { requireRoot } from '../require-root.ts';
import { version } from '../version.ts';

/** The daemon's metrics with its counters; undefined if none runs or it refuses us. */
async function daemonAnswer(ctx: Context): Promise<string | undefined> {
  try {
    return await ctx.daemon.metrics();
  } catch (error) {
    if (isNotRunning(error) || isHostError(error, 'EACCES')) return undefined;
    throw error;
  }
}

export async function metrics(ctx: Context, { state }: StateOptions): Promise<ExitCode> {
  let text = state === DEFAULT_STATE_FILE ? await daemonAnswer(ctx) : undefined;
  if (text === undefined) {
    requireRoot(ctx, 'metrics');
    const known = await loadAndPlan(ctx, state);
    const status = await readStatus(known.host, known);
    text = await readMetrics(known.host, { version, status, model: known.model, daemon: undefined });
  }
  ctx.out(text.trimEnd());
  return exitCodes.ok;
}
