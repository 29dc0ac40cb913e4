// `wgospf genkey [FILE]`: a private key, on standard output like `wg genkey`, or in a file that only root reads.
import { isHostError } from '../../host/error.ts';
import { newPrivateKey } from '../../host/wg/key.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';

/** Makes FILE and returns its public key. */
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

export async function genkey(ctx: Context, file: string | undefined): Promise<ExitCode> {
  ctx.out(file === undefined ? newPrivateKey() : await makeFile(ctx, file));
  return exitCodes.ok;
}
