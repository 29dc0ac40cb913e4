// The words of `wgospf hold`; what it does is in actions/hold.ts.
import { Argument, Command } from 'commander';
import type { MakeCommand } from '../command.ts';
import { parseDuration } from '../duration.ts';
import { jsonOption } from '../options.ts';

export const holdCommand: MakeCommand = (act) =>
  new Command('hold')
    .summary('stop repairs for a while')
    .description('Stop the repairs of the daemon while you experiment, and show what it would repair.')
    .addArgument(
      new Argument('[duration]', '30s, 10m, 1h; without it until wgospf resume').argParser<number>(parseDuration),
    )
    .addOption(jsonOption())
    .action(act(async () => (await import('../actions/index.ts')).hold));
