// `wgospf version`: the installed versions, for a bug report.
import { isHostError } from '../../host/error.ts';
import { probeEnv } from '../../host/probe.ts';
import type { Host } from '../../host/types.ts';
import { DEFAULT_BIRD } from '../../model/defaults.ts';
import type { Context } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { version as ownVersion } from '../version.ts';

/** Reply code of `show status`: `1000-BIRD 2.0.12` */
const VERSION_CODE = 1000;

async function birdVersion(host: Host): Promise<string> {
  try {
    const { lines } = await host.bird.command(DEFAULT_BIRD.controlSocket, 'show status');
    return lines.find((l) => l.code === VERSION_CODE)?.text ?? 'BIRD of an unknown version';
  } catch (error) {
    if (isHostError(error)) return error.detail.startsWith('BIRD') ? error.detail : `BIRD: ${error.detail}`;
    throw error;
  }
}

async function wireguardBackend(host: Host, root: boolean): Promise<string> {
  if (!root) return 'WireGuard: kernel or wireguard-go (only root can see which)';
  return (await probeEnv(host)).kernelWireguard
    ? 'WireGuard of the kernel'
    : 'no WireGuard in this kernel: wireguard-go';
}

export async function version(ctx: Context): Promise<ExitCode> {
  const host = ctx.host();
  const found = await Promise.all([birdVersion(host), wireguardBackend(host, ctx.root)]);
  ctx.out([`wgospf ${ownVersion}`, `Node ${process.versions.node}`, ...found].join('\n'));
  return exitCodes.ok;
}
