// The words of `wgospf bird`; what it does is in actions/bird.ts.
import { Argument, Command, Option } from 'commander';
import type { MakeCommand } from '../command.ts';
import { BIRD_VERSIONS, BIRD_VIEWS, stateOption } from '../options.ts';

export const birdCommand: MakeCommand = (act) =>
  new Command('bird')
    .summary('show bird.conf, or how the one in place differs')
    .description(
      'render: print the bird.conf that the state file means. diff: how the one in place differs from it, and whether BIRD runs it; ' +
        'ends with 0 where all is the same, with 1 where it is not.',
    )
    .addArgument(new Argument('<action>', 'what to show').choices(BIRD_VIEWS))
    .addOption(stateOption())
    .addOption(new Option('--for <version>', 'render for another BIRD than the one here').choices(BIRD_VERSIONS))
    .action(act(async () => (await import('../actions/index.ts')).bird));
