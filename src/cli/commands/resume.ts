// The words of `wgospf resume`; what it does is in actions/resume.ts.
import { Command } from 'commander';
import type { MakeCommand } from '../command.ts';
import { jsonOption } from '../options.ts';

export const resumeCommand: MakeCommand = (act) =>
  new Command('resume')
    .summary('end a hold')
    .description('Let the daemon repair again. It repairs at once what was undone during the hold.')
    .addOption(jsonOption())
    .action(act(async () => (await import('../actions/index.ts')).resume));
