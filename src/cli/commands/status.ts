// `wgospf status`: does each tunnel carry traffic, is each adjacency Full and, if not, why.
import { Command } from 'commander';
import { isHostError } from '../../host/error.ts';
import type { MakeCommand } from '../command.ts';
import type { Context } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { stringify } from '../format/json.ts';
import { jsonOption, type JsonOptions, stateOption, type StateOptions } from '../options.ts';
import { requireRoot } from '../require-root.ts';
import { isHealthy } from '../../status/assess.ts';
import { type Known, readStatus } from '../../status/read-status.ts';
import { formatStatus } from '../format/status.ts';
import { count } from '../../net/units.ts';

type Options = StateOptions & JsonOptions;

/** A status is worth most when something is wrong, so neither a bad file nor a failing plan ends it. */
async function loadAndPlan(ctx: Context, file: string): Promise<Known> {
  const { model, diagnostics } = await ctx.load(file);
  if (model === undefined) {
    const errors = count(diagnostics.filter((d) => d.severity === 'error').length, 'error');
    const message = `${errors}, see 'wgospf check ${file}'; shown is what the marks on this host tell`;
    return {
      model,
      plan: undefined,
      problems: [{ code: 'bad-state-file', severity: 'error', subject: file, message }],
    };
  }
  try {
    return { model, plan: await ctx.makePlan(model, { adopt: false }), problems: [] };
  } catch (error) {
    if (!isHostError(error)) throw error;
    const problem = { code: 'no-plan', severity: 'error', subject: file, message: error.message } as const;
    return { model, plan: undefined, problems: [problem] };
  }
}

async function status(ctx: Context, { state, json }: Options): Promise<ExitCode> {
  requireRoot(ctx, 'status');
  const whole = await readStatus(ctx.host(), await loadAndPlan(ctx, state));
  ctx.out(json ? stringify(whole) : formatStatus(whole, ctx.style));
  return isHealthy(whole) ? exitCodes.ok : exitCodes.failed;
}

export const statusCommand: MakeCommand = (ctx, finish) =>
  new Command('status')
    .summary('show tunnels, adjacencies and routes')
    .description('Show whether each tunnel carries traffic and each adjacency is Full and, if not, why.')
    .addOption(stateOption())
    .addOption(jsonOption())
    .action(async (options: Options) => finish(await status(ctx, options)));
