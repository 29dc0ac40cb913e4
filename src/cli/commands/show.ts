// `wgospf show --resolved`: the state file with every default filled in.
import { Command } from 'commander';
import { renderResolved } from '../../model/render-resolved.ts';
import type { MakeCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { loadState } from '../load-state.ts';
import { stateOption, type StateOptions } from '../options.ts';

export const showCommand: MakeCommand = (ctx, finish) =>
  new Command('show')
    .summary('show the state file with every default')
    .description('Show what the state file means: every default filled in, every name a number.')
    .requiredOption('--resolved', 'the state file with every default filled in')
    .addOption(stateOption())
    .action(async ({ state }: StateOptions) => {
      ctx.out(renderResolved(await loadState(ctx, state)).trimEnd());
      finish(exitCodes.ok);
    });
