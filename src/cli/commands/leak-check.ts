// The words of `wgospf leak-check`; what it does is in actions/leak-check.ts.
import { Command } from 'commander';
import type { MakeCommand } from '../command.ts';
import { jsonOption, stateOption } from '../options.ts';

export const leakCheckCommand: MakeCommand = (act) =>
  new Command('leak-check')
    .summary('ask the kernel whether any path crosses between mesh and underlay')
    .description(
      "Ask the kernel's own routing decision for each interface and each class of destination, both ways and in both " +
        'families, and show the answers. Sends no packet. Exit code 1 if a path crosses.',
    )
    .addOption(stateOption())
    .addOption(jsonOption())
    .action(act(async () => (await import('../actions/index.ts')).leakCheck));
