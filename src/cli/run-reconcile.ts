// One pass under the lock, reported as it happens: the common part of `apply` and `down`.
import type { Report } from '../engine/types.ts';
import type { Earlier } from '../leak-check/reconcile-closed.ts';
import type { RouterModel } from '../model/types.ts';
import { tidy } from '../host/tidy.ts';
import type { Context } from './context.ts';
import { formatRest, formatResult } from './format/report.ts';
import { reportJson } from './format/json.ts';

export interface RunOptions {
  readonly adopt: boolean;
  readonly json: boolean;
  /** the model in force before this one; undefined if this is not a new one */
  readonly earlier?: (model: RouterModel) => Promise<Earlier | undefined>;
  readonly summary: (report: Report, ms: number) => string;
  /** what follows under the lock */
  readonly after?: (report: Report) => Promise<void>;
}

/** `load` runs under the lock too, so that two of us never work from two readings of the file. */
export async function runReconcile(
  ctx: Context,
  load: () => Promise<RouterModel | undefined>,
  { adopt, json, earlier, summary, after }: RunOptions,
): Promise<Report> {
  const release = await ctx.takeLock('apply');
  try {
    await tidy(ctx.host());
    const model = await load();
    await (model === undefined ? ctx.home.mayUndo() : ctx.home.claim());
    const start = ctx.host().ticks();
    const report = await ctx.reconcile(model, {
      adopt,
      earlier: model && (await earlier?.(model)),
      ...(json ? {} : { onResult: (result) => ctx.out(formatResult(result, ctx.style)) }),
    });
    const ms = ctx.host().ticks() - start;
    ctx.out(json ? reportJson(report) : [...formatRest(report, ctx.style), summary(report, ms)].join('\n'));
    await after?.(report);
    return report;
  } finally {
    release();
  }
}
