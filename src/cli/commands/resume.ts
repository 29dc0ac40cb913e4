// `wgospf resume`: ends a hold.
import { Command } from 'commander';
import { askDaemon } from '../ask-daemon.ts';
import type { MakeCommand } from '../command.ts';
import type { Context } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { requireRoot } from '../require-root.ts';

async function resume(ctx: Context): Promise<ExitCode> {
  requireRoot(ctx, 'resume');
  await askDaemon('resume', () => ctx.daemon.resume());
  ctx.out('repairs go on');
  return exitCodes.ok;
}

export const resumeCommand: MakeCommand = (ctx, finish) =>
  new Command('resume')
    .summary('end a hold')
    .description('Let the daemon repair again. What was undone meanwhile is repaired at once.')
    .action(async () => finish(await resume(ctx)));
