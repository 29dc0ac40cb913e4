// `wgospf pubkey [FILE]`: the public key of a private key.
import { derivePublicKey } from '../../host/wg/key.ts';
import { isWireguardKey } from '../../net/names.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';

async function fromFile({ host }: Context, file: string): Promise<string> {
  const key = await host().keys.publicKeyOf(file);
  if (key !== undefined) return key;
  // a new key would differ from the key of a live tunnel
  const cure = `to print that of a live tunnel: wg show TUNNEL public-key; to make a new key: wgospf genkey ${file})`;
  throw new CliError(`wgospf pubkey: ${file} does not exist; ${cure}`, exitCodes.failed);
}

async function fromInput({ readInput }: Context): Promise<string> {
  const key = (await readInput()).trim();
  if (isWireguardKey(key)) return derivePublicKey(key);
  throw new CliError('wgospf pubkey: standard input is not a private key (32 bytes in base64)', exitCodes.failed);
}

export async function pubkey(ctx: Context, file: string | undefined): Promise<ExitCode> {
  ctx.out(await (file === undefined ? fromInput(ctx) : fromFile(ctx, file)));
  return exitCodes.ok;
}
