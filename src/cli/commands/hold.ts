// The words of `wgospf hold`; what it does is in actions/hold.ts.
import { Argument, Command } from 'commander';
import type { MakeCommand } from '../command.ts';
import { parseDuration } from '../duration.ts';
import { jsonOption } from '../options.ts';

export const holdCommand: MakeCommand = (act) =>
  new Command('hold')
    .summary('let nothing be repaired for a while')
    .description('Let the daemon repair nothing while you experiment, and show what it would repair.')
    .addArgument(
      new Argument('[duration]', '30s, 10m, 1h; until resumed where left out').argParser<number>(parseDuration),
    )
    .addOption(jsonOption())
    .action(act(async () => (await import('../actions/index.ts')).hold));
