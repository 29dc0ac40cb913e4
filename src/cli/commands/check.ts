// The words of `wgospf check`; what it does is in actions/check.ts.
import { Command, Option } from 'commander';
import type { MakeCommand } from '../command.ts';
import { jsonOption, stateOption } from '../options.ts';

export const checkCommand: MakeCommand = (act) =>
  new Command('check')
    .summary('check the state file and this host')
    .description(
      'Check the state file and print every problem with line, column and cure. For root also print what on this host would ' +
        'hold the state back and, for the installed file, everything that is in its way.',
    )
    .argument('[file]', 'the state file; the same as -s, and - for standard input')
    .addOption(stateOption())
    .addOption(jsonOption())
    .addOption(
      new Option(
        '--networkd-dropin',
        'print only the drop-in that keeps systemd-networkd from deleting our rules and routes',
      ),
    )
    .action(act(async () => (await import('../actions/index.ts')).check));
