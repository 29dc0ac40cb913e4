// `wgospf plan`: what `apply` would do now. Reads only.
import { Command } from 'commander';
import { judge, type Verdict } from '../../engine/in-sync.ts';
import type { Plan } from '../../engine/types.ts';
import type { MakeCommand } from '../command.ts';
import type { Context } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { planJson } from '../format/json.ts';
import { formatPlan } from '../format/plan.ts';
import { loadState } from '../load-state.ts';
import {
  adoptOption,
  type AdoptOptions,
  jsonOption,
  type JsonOptions,
  stateOption,
  type StateOptions,
} from '../options.ts';
import { requireRoot } from '../require-root.ts';

type Options = StateOptions & AdoptOptions & JsonOptions;

const codes: Readonly<Record<Verdict, ExitCode>> = {
  'in-sync': exitCodes.ok,
  pending: exitCodes.pending,
  'not-in-sync': exitCodes.failed,
};

const exitCodeOf = (plan: Plan): ExitCode => codes[judge(plan)];

async function plan(ctx: Context, { state, adopt, json }: Options): Promise<ExitCode> {
  requireRoot(ctx, 'plan');
  const model = await loadState(ctx, state);
  const made = await ctx.makePlan(model, { adopt: adopt ?? false });
  ctx.out(json ? planJson(made) : formatPlan(made, model, ctx.style));
  return exitCodeOf(made);
}

export const planCommand: MakeCommand = (ctx, finish) =>
  new Command('plan')
    .summary('show what apply would do')
    .description('Show what apply would do, each operation as the command that a person would type.')
    .addOption(stateOption())
    .addOption(adoptOption())
    .addOption(jsonOption())
    .action(async (options: Options) => finish(await plan(ctx, options)));
