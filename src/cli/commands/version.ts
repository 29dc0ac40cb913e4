// The words of `wgospf version`; what it does is in actions/version.ts.
import { Command } from 'commander';
import type { MakeCommand } from '../command.ts';

export const versionCommand: MakeCommand = (act) =>
  new Command('version')
    .summary('show versions')
    .description('Show the versions of wgospf and Node, the running BIRD and the kind of WireGuard.')
    .action(act(async () => (await import('../actions/index.ts')).version));
