// The words of `wgospf run`; what it does is in actions/run.ts.
import { Command, Option } from 'commander';
import type { MakeCommand } from '../command.ts';
import { stateOption } from '../options.ts';

export const runCommand: MakeCommand = (act) =>
  new Command('run')
    .summary('keep the router as the state file says (the daemon)')
    .description(
      'Make the router what the state file says and keep it so, until SIGTERM; the network then stays as it is. ' +
        'The unit wgospf.service runs this. SIGHUP: read the state file again.',
    )
    .addOption(stateOption())
    .addOption(
      new Option(
        '--log <format>',
        'lines with a priority for the journal, plain ones (default on a terminal), or JSON',
      ).choices(['journal', 'plain', 'json']),
    )
    .addOption(
      new Option('--log-level <level>', 'the least important level to log')
        .choices(['err', 'warning', 'notice', 'info', 'debug'])
        .default('info'),
    )
    .action(act(async () => (await import('../actions/index.ts')).run));
