// The words of `wgospf completion`; what it does is in actions/completion.ts.
import { Argument, Command } from 'commander';
import type { MakeCommand } from '../command.ts';
import { SHELLS } from '../options.ts';

export const completionCommand: MakeCommand = (act) =>
  new Command('completion')
    .summary('print a completion script')
    .description('Print a completion script, for bash: source <(wgospf completion bash)')
    .addArgument(new Argument('<shell>', 'which shell').choices(SHELLS))
    .action(act(async () => (await import('../actions/index.ts')).completion));
