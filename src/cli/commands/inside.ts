// The words of `wgospf inside`; what it does is in actions/inside.ts.
import { Command } from 'commander';
import type { MakeCommand } from '../command.ts';

export const insideCommand: MakeCommand = (act) =>
  new Command('inside')
    .summary('work for the agent inside the network namespace that it is started in')
    .description(
      'Do the work of the agent inside the network namespace in which this is started. Ends some time after the last ' +
        'connection. The unit wgospf-inside@.service runs this.',
    )
    .argument('<name>', 'the name of the namespace, as the list of processes shows it')
    .requiredOption('--socket <path>', 'where to listen')
    .action(act(async () => (await import('../actions/index.ts')).inside));
