// The words of `wgospf exec`; what it does is in actions/exec.ts.
import { Command } from 'commander';
import type { MakeCommand } from '../command.ts';
import { stateOption } from '../options.ts';

export const execCommand: MakeCommand = (act) =>
  new Command('exec')
    .summary('run a command in the mesh')
    .description(
      'Run a command in the mesh: in its network namespace or its VRF, or unchanged if the mesh has a table, because its rules ' +
        'use addresses. Exits with the status of the command.',
    )
    .addOption(stateOption())
    .argument(
      '<command...>',
      'the command with its arguments, after -- if it has options: wgospf exec -- ping 10.69.1.11',
    )
    .passThroughOptions()
    .action(act(async () => (await import('../actions/index.ts')).exec));
