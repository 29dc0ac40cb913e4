// The words of `wgospf show`; what it does is in actions/show.ts.
import { Command, Option } from 'commander';
import type { MakeCommand } from '../command.ts';
import { jsonOption, stateOption } from '../options.ts';

export const showCommand: MakeCommand = (act) =>
  new Command('show')
    .summary('show the state file with every default')
    .description('Show what the state file means: every default filled in, every name a number.')
    .addOption(new Option('--resolved', 'the same, as it was asked for once'))
    .addOption(stateOption())
    .addOption(jsonOption())
    .action(act(async () => (await import('../actions/index.ts')).show));
