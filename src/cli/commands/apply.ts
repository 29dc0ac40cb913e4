// The words of `wgospf apply`; what it does is in actions/apply.ts.
import { Command } from 'commander';
import type { MakeCommand } from '../command.ts';
import { adoptOption, jsonOption, stateOption } from '../options.ts';

export const applyCommand: MakeCommand = (act) =>
  new Command('apply')
    .summary('configure the router as the state file describes it')
    .description('Configure the router as the state file describes it. Objects that are right already are not touched.')
    .addOption(stateOption())
    .addOption(adoptOption())
    .addOption(jsonOption())
    .action(act(async () => (await import('../actions/index.ts')).apply));
