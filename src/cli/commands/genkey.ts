// The words of `wgospf genkey`; what it does is in actions/genkey.ts.
import { Command } from 'commander';
import type { MakeCommand } from '../command.ts';

export const genkeyCommand: MakeCommand = (act) =>
  new Command('genkey')
    .summary('make a private key')
    .description(
      'Make a private key: in FILE (mode 0600), showing its public key, or on standard output like wg genkey.',
    )
    .argument('[file]', 'file for the key; never overwritten')
    .action(act(async () => (await import('../actions/index.ts')).genkey));
