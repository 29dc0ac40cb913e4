// `wgospf genkey [FILE]`: a private key, on standard output like `wg genkey`, or in a file that only root reads.
import { Command } from 'commander';
import { isHostError } from '../../host/error.ts';
import { newPrivateKey } from '../../host/wg/key.ts';
import { CliError } from '../cli-error.ts';
import type { MakeCommand } from '../command.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';

/** Makes FILE and gives its public key. */
async function makeFile({ host }: Context, file: string): Promise<string> {
  const { keys } = host();
  try {
    await keys.generate(file);
  } catch (error) {
    if (!isHostError(error, 'EEXIST')) throw error;
    throw new CliError(
      `wgospf genkey: ${file} exists and is not overwritten: choose another name, or see its public key with wgospf pubkey ${file}`,
      exitCodes.failed,
    );
  }
  return (await keys.publicKeyOf(file)) ?? '';
}

export const genkeyCommand: MakeCommand = (ctx, finish) =>
  new Command('genkey')
    .summary('make a private key')
    .description(
      'Make a private key: in FILE (mode 0600), showing its public key, or on standard output like wg genkey.',
    )
    .argument('[file]', 'where to keep it; never overwritten')
    .action(async (file: string | undefined) => {
      ctx.out(file === undefined ? newPrivateKey() : await makeFile(ctx, file));
      finish(exitCodes.ok);
    });
