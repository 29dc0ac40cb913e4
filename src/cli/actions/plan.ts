// `wgospf plan`: what `apply` would do now. Reads only.
import { judge, type Verdict } from '../../engine/in-sync.ts';
import type { Plan } from '../../engine/types.ts';
import type { Context } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { planJson } from '../format/json.ts';
import { formatPlan } from '../format/plan.ts';
import { loadState } from '../load-state.ts';
import type { AdoptOptions, JsonOptions, StateOptions } from '../options.ts';
import { requireRoot } from '../require-root.ts';

type Options = StateOptions & AdoptOptions & JsonOptions;

const codes: Readonly<Record<Verdict, ExitCode>> = {
  'in-sync': exitCodes.ok,
  pending: exitCodes.pending,
  'not-in-sync': exitCodes.failed,
};

const exitCodeOf = (plan: Plan): ExitCode => codes[judge(plan)];

export async function plan(ctx: Context, { state, adopt, json }: Options): Promise<ExitCode> {
  requireRoot(ctx, 'plan');
  const model = await loadState(ctx, state);
  const made = await ctx.makePlan(model, { adopt: adopt ?? false });
  ctx.out(json ? planJson(made) : formatPlan(made, model, ctx.style));
  return exitCodeOf(made);
}
