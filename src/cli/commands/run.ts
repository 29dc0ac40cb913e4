// `wgospf run`: the daemon, which keeps the router as the state file says for as long as it runs.
import { Command, Option } from 'commander';
import type { LogFormat } from '../../log/logger.ts';
import type { MakeCommand } from '../command.ts';
import type { Context } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { stateOption, type StateOptions } from '../options.ts';
import { requireRoot } from '../require-root.ts';

interface Options extends StateOptions {
  readonly log?: LogFormat;
  readonly logLevel: 'err' | 'warning' | 'notice' | 'info' | 'debug';
}

async function run(ctx: Context, { state, log, logLevel }: Options): Promise<ExitCode> {
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

export const runCommand: MakeCommand = (ctx, finish) =>
  new Command('run')
    .summary('keep the router as the state file says (the daemon)')
    .description(
      'Make the router what the state file says and keep it so, until SIGTERM; the network then stays as it is. ' +
        'The unit wgospf.service runs this. SIGHUP: read the state file again.',
    )
    .addOption(stateOption())
    .addOption(
      new Option(
        '--log <format>',
        'lines with a priority for the journal, plain ones (default on a terminal), or JSON',
      ).choices(['journal', 'plain', 'json']),
    )
    .addOption(
      new Option('--log-level <level>', 'the least important level to log')
        .choices(['err', 'warning', 'notice', 'info', 'debug'])
        .default('info'),
    )
    .action(async (options: Options) => finish(await run(ctx, options)));
