// The words of `wgospf apply`; what it does is in actions/apply.ts.
import { Command } from 'commander';
import type { MakeCommand } from '../command.ts';
import { adoptOption, jsonOption, stateOption } from '../options.ts';

export const applyCommand: MakeCommand = (act) =>
  new Command('apply')
    .summary('make the router what the state file says')
    .description('Make the router what the state file says. What is as it should be is not touched.')
    .addOption(stateOption())
    .addOption(adoptOption())
    .addOption(jsonOption())
    .action(act(async () => (await import('../actions/index.ts')).apply));
