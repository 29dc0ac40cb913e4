// The words of `wgospf plan`; what it does is in actions/plan.ts.
import { Command } from 'commander';
import type { MakeCommand } from '../command.ts';
import { adoptOption, jsonOption, stateOption } from '../options.ts';

export const planCommand: MakeCommand = (act) =>
  new Command('plan')
    .summary('show what apply would do')
    .description('Show what apply would do, each operation as the command that a person would type.')
    .addOption(stateOption())
    .addOption(adoptOption())
    .addOption(jsonOption())
    .action(act(async () => (await import('../actions/index.ts')).plan));
