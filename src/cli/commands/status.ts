// The words of `wgospf status`; what it does is in actions/status.ts.
import { Command } from 'commander';
import type { MakeCommand } from '../command.ts';
import { jsonOption, stateOption } from '../options.ts';

export const statusCommand: MakeCommand = (act) =>
  new Command('status')
    .summary('show tunnels, adjacencies and routes')
    .description(
      'Show whether each tunnel carries traffic and each adjacency is Full and, if not, why. The daemon answers if one runs; ' +
        'otherwise the host is read.',
    )
    .addOption(stateOption())
    .addOption(jsonOption())
    .action(act(async () => (await import('../actions/index.ts')).status));
