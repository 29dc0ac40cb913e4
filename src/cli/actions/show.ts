// `wgospf show`: the state file with every default filled in.
import { parse } from 'yaml';
import { renderResolved } from '../../model/render-resolved.ts';
import type { Context } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { stringify } from '../format/json.ts';
import { loadState } from '../load-state.ts';
import type { JsonOptions, StateOptions } from '../options.ts';

export async function show(ctx: Context, { state, json }: StateOptions & JsonOptions): Promise<ExitCode> {
  const text = renderResolved(await loadState(ctx, state)).trimEnd();
  ctx.out(json === true ? stringify(parse(text) as object) : text);
  return exitCodes.ok;
}
