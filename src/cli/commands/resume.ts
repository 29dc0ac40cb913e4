// `wgospf resume`: ends a hold.
import { Command } from 'commander';
import { askDaemon } from '../ask-daemon.ts';
import type { MakeCommand } from '../command.ts';
import type { Context } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { stringify } from '../format/json.ts';
import { jsonOption, type JsonOptions } from '../options.ts';
import { requireRoot } from '../require-root.ts';

async function resume(ctx: Context, { json }: JsonOptions): Promise<ExitCode> {
  requireRoot(ctx, 'resume');
  const { daemon } = await askDaemon('resume', () => ctx.daemon.resume());
  ctx.out(json === true ? stringify({ daemon }) : 'repairs go on');
  return exitCodes.ok;
}

export const resumeCommand: MakeCommand = (ctx, finish) =>
  new Command('resume')
    .summary('end a hold')
    .description('Let the daemon repair again. What was undone meanwhile is repaired at once.')
    .addOption(jsonOption())
    .action(async (options: JsonOptions) => finish(await resume(ctx, options)));
