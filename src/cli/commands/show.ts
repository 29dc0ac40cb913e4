// The words of `wgospf show`; what it does is in actions/show.ts.
import { Command, Option } from 'commander';
import type { MakeCommand } from '../command.ts';
import { jsonOption, stateOption } from '../options.ts';

export const showCommand: MakeCommand = (act) =>
  new Command('show')
    .summary('show the state file with every default')
    .description('Show the state file with every default filled in and every name as a number.')
    .addOption(new Option('--resolved', 'no effect; accepted for older scripts'))
    .addOption(stateOption())
    .addOption(jsonOption())
    .action(act(async () => (await import('../actions/index.ts')).show));
