// Commands that change or read what only root may.
import { CliError } from './cli-error.ts';
import type { Context } from './context.ts';
import { exitCodes } from './exit-codes.ts';

/** Throws a CliError that names the command as it would have to be typed. */
export function requireRoot(ctx: Context, command: string): void {
  if (ctx.root) return;
  throw new CliError(`wgospf ${command}: must be root (try: sudo wgospf ${command})`, exitCodes.notRoot);
}
