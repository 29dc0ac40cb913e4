// The words of `wgospf reload`; what it does is in actions/reload.ts.
import { Command } from 'commander';
import type { MakeCommand } from '../command.ts';
import { jsonOption } from '../options.ts';

export const reloadCommand: MakeCommand = (act) =>
  new Command('reload')
    .summary('make the daemon read the state file again')
    .description('Make the daemon read the state file again, and wait for the pass that follows.')
    .addOption(jsonOption())
    .action(act(async () => (await import('../actions/index.ts')).reload));
