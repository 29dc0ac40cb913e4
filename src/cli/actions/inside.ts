// `wgospf inside NAME`: the agent's part inside a network namespace. The agent starts it; it is in no list of commands.
import type { Context } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { requireRoot } from '../require-root.ts';

export async function inside(ctx: Context, _name: string, { socket }: { readonly socket: string }): Promise<ExitCode> {
  requireRoot(ctx, 'inside');
  await ctx.serveInside(socket);
  return exitCodes.ok;
}
