// `wgospf leak-check`: does any path lead from the mesh to the underlay or back? The kernel's own answer; sends nothing.
import { Command } from 'commander';
import { checkLeaks } from '../../leak-check/check-leaks.ts';
import type { MakeCommand } from '../command.ts';
import type { Context } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { stringify } from '../format/json.ts';
import { formatLeaks } from '../format/leaks.ts';
import { loadState } from '../load-state.ts';
import { jsonOption, type JsonOptions, stateOption, type StateOptions } from '../options.ts';
import { requireRoot } from '../require-root.ts';

async function leakCheck(ctx: Context, { state, json }: StateOptions & JsonOptions): Promise<ExitCode> {
  requireRoot(ctx, 'leak-check');
  const model = await loadState(ctx, state);
  const paths = await checkLeaks(ctx.host(), model);
  const leaks = paths.filter(({ leak }) => leak !== undefined);
  if (json) ctx.out(stringify({ ok: leaks.length === 0, leaks, paths }));
  else if (model.mesh.main) ctx.out('mesh.table is main: the mesh is not kept apart from anything on this router');
  else ctx.out(formatLeaks(paths, ctx.style));
  return leaks.length === 0 ? exitCodes.ok : exitCodes.failed;
}

export const leakCheckCommand: MakeCommand = (ctx, finish) =>
  new Command('leak-check')
    .summary('ask the kernel whether any path crosses between mesh and underlay')
    .description(
      "Ask the kernel's own routing decision for each interface and each class of destination, both ways and in both " +
        'families, and show the answers. Sends no packet. Exit code 1 where a path crosses.',
    )
    .addOption(stateOption())
    .addOption(jsonOption())
    .action(async (options: StateOptions & JsonOptions) => finish(await leakCheck(ctx, options)));
