// `wgospf resume`: ends a hold.
import { askDaemon } from '../ask-daemon.ts';
import type { Context } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { stringify } from '../format/json.ts';
import type { JsonOptions } from '../options.ts';
import { requireRoot } from '../require-root.ts';

export async function resume(ctx: Context, { json }: JsonOptions): Promise<ExitCode> {
  requireRoot(ctx, 'resume');
  const { daemon } = await askDaemon('resume', () => ctx.daemon.resume());
  ctx.out(json === true ? stringify({ daemon }) : 'repairs go on');
  return exitCodes.ok;
}
