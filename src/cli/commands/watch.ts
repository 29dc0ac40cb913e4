// The words of `wgospf watch`; what it does is in actions/watch.ts.
import { Command } from 'commander';
import type { MakeCommand } from '../command.ts';
import { jsonOption } from '../options.ts';

export const watchCommand: MakeCommand = (act) =>
  new Command('watch')
    .summary('watch the daemon at work')
    .description(
      'Show the status and the latest events, kept up to date; q ends it. Without a terminal: one line per event, with --json ' +
        'one JSON document per line.',
    )
    .addOption(jsonOption())
    .action(act(async () => (await import('../actions/index.ts')).watch));
