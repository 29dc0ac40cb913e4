// The words of `wgospf bird`; what it does is in actions/bird.ts.
import { Argument, Command, Option } from 'commander';
import type { MakeCommand } from '../command.ts';
import { BIRD_VERSIONS, BIRD_VIEWS, stateOption } from '../options.ts';

export const birdCommand: MakeCommand = (act) =>
  new Command('bird')
    .summary('show bird.conf, or how the one in place differs')
    .description(
      'render: print the bird.conf for the state file. diff: print how the one in place differs from it, and whether BIRD runs it; ' +
        'exits with 0 if all is equal, else with 1.',
    )
    .addArgument(new Argument('<action>', 'what to show').choices(BIRD_VIEWS))
    .addOption(stateOption())
    .addOption(new Option('--for <version>', 'render for another BIRD than the one here').choices(BIRD_VERSIONS))
    .action(act(async () => (await import('../actions/index.ts')).bird));
