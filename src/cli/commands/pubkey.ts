// The words of `wgospf pubkey`; what it does is in actions/pubkey.ts.
import { Command } from 'commander';
import type { MakeCommand } from '../command.ts';

export const pubkeyCommand: MakeCommand = (act) =>
  new Command('pubkey')
    .summary('show the public key of a private key')
    .description('Show the public key of the private key in FILE or on standard input.')
    .argument('[file]', 'a private key file')
    .action(act(async () => (await import('../actions/index.ts')).pubkey));
