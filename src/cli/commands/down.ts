// The words of `wgospf down`; what it does is in actions/down.ts.
import { Command } from 'commander';
import type { MakeCommand } from '../command.ts';
import { jsonOption } from '../options.ts';

export const downCommand: MakeCommand = (act) =>
  new Command('down')
    .summary('remove everything that is ours')
    .description('Remove exactly what wgospf made, guards last. Works without a state file; private keys stay.')
    .addOption(jsonOption())
    .action(act(async () => (await import('../actions/index.ts')).down));
