// The words of `wgospf check`; what it does is in actions/check.ts.
import { Command, Option } from 'commander';
import type { MakeCommand } from '../command.ts';
import { jsonOption, stateOption } from '../options.ts';

export const checkCommand: MakeCommand = (act) =>
  new Command('check')
    .summary('check the state file and this host')
    .description(
      'Check the state file and tell every problem with its line, column and cure. Root is also told what on this host would ' +
        'hold it back and, of the installed file, all that stands in its way.',
    )
    .argument('[file]', 'the state file; the same as -s, and - for standard input')
    .addOption(stateOption())
    .addOption(jsonOption())
    .addOption(
      new Option(
        '--networkd-dropin',
        'print the drop-in that keeps systemd-networkd off our rules and routes, no more',
      ),
    )
    .action(act(async () => (await import('../actions/index.ts')).check));
