// `wgospf inside NAME`: the agent's part inside a network namespace. The agent starts it; it is in no list of commands.
import { Command } from 'commander';
import type { MakeCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { requireRoot } from '../require-root.ts';

export const insideCommand: MakeCommand = (ctx, finish) =>
  new Command('inside')
    .summary('work for the agent inside the network namespace that it is started in')
    .description(
      'Do what the agent asks for inside the network namespace in which this is started, until nobody has been connected ' +
        'for a while. The unit wgospf-inside@.service runs this.',
    )
    .argument('<name>', 'the name of the namespace, as the list of processes shows it')
    .requiredOption('--socket <path>', 'where to listen')
    .action(async (_name: string, { socket }: { readonly socket: string }) => {
      requireRoot(ctx, 'inside');
      await ctx.serveInside(socket);
      finish(exitCodes.ok);
    });
