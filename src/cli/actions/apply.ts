// `wgospf apply`: configures the router as the state file describes it.
import type { Context } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { reportSummary } from '../format/report.ts';
import { earlierThan, keepLastGood } from '../keep-last-good.ts';
import { loadState } from '../load-state.ts';
import type { AdoptOptions, JsonOptions, StateOptions } from '../options.ts';
import { requireRoot } from '../require-root.ts';
import { runReconcile } from '../run-reconcile.ts';

type Options = StateOptions & AdoptOptions & JsonOptions;

export async function apply(ctx: Context, { state, adopt, json }: Options): Promise<ExitCode> {
  requireRoot(ctx, 'apply');
  const report = await runReconcile(ctx, () => loadState(ctx, state), {
    ...{ adopt: adopt ?? false, json: json ?? false, summary: reportSummary },
    earlier: (model) => earlierThan(ctx, state, model),
    after: (done) => keepLastGood(ctx, state, done),
  });
  return report.inSync ? exitCodes.ok : exitCodes.failed;
}
