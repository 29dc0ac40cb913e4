// `wgospf run`: the daemon, which keeps the router as the state file says for as long as it runs.
import type { LogFormat } from '../../log/logger.ts';
import type { Context } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { StateOptions } from '../options.ts';
import { requireRoot } from '../require-root.ts';

interface Options extends StateOptions {
  readonly log?: LogFormat;
  readonly logLevel: 'err' | 'warning' | 'notice' | 'info' | 'debug';
}

export async function run(ctx: Context, { state, log, logLevel }: Options): Promise<ExitCode> {
  requireRoot(ctx, 'run');
  const release = await ctx.takeLock('run');
  try {
    await ctx.home.claim();
    await ctx.runDaemon({ state, format: log, level: logLevel });
  } finally {
    release();
  }
  return exitCodes.ok;
}
