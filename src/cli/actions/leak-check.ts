// `wgospf leak-check`: does any path lead from the mesh to the underlay or back? The kernel's own answer; sends nothing.
import { checkLeaks } from '../../leak-check/check-leaks.ts';
import type { Context } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { stringify } from '../format/json.ts';
import { formatLeaks } from '../format/leaks.ts';
import { loadState } from '../load-state.ts';
import type { JsonOptions, StateOptions } from '../options.ts';
import { requireRoot } from '../require-root.ts';

export async function leakCheck(ctx: Context, { state, json }: StateOptions & JsonOptions): Promise<ExitCode> {
  requireRoot(ctx, 'leak-check');
  const model = await loadState(ctx, state);
  const paths = await checkLeaks(ctx.host(), model);
  const leaks = paths.filter(({ leak }) => leak !== undefined);
  if (json) ctx.out(stringify({ ok: leaks.length === 0, leaks, paths }));
  else if (model.mesh.main) ctx.out('mesh.table is main: nothing separates the mesh from other traffic of the router');
  else ctx.out(formatLeaks(paths, ctx.style));
  return leaks.length === 0 ? exitCodes.ok : exitCodes.failed;
}
