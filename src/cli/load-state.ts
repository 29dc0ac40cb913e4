// Loads the state file for a command and tells on standard error whatever is wrong with it.
import { formatDiagnostics } from '../config/diagnostic.ts';
import type { RouterModel } from '../model/types.ts';
import { CliError } from './cli-error.ts';
import type { Context } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { count } from '../net/units.ts';

/** The model of a file without errors; throws a CliError (`badState`) after printing every diagnostic. */
export async function loadState(ctx: Context, file: string): Promise<RouterModel> {
  const { model, diagnostics, text } = await ctx.load(file);
  if (diagnostics.length > 0) ctx.err(formatDiagnostics(diagnostics, text));
  if (model !== undefined) return model;
  const errors = diagnostics.filter((d) => d.severity === 'error').length;
  throw new CliError(`${file}: ${count(errors, 'error')}; nothing was changed`, exitCodes.badState);
}
