// `wgospf check [FILE]`: is the state file right? Reads only, and needs no root.
import { Command } from 'commander';
import { formatDiagnostics } from '../../config/diagnostic.ts';
import type { MakeCommand } from '../command.ts';
import type { Context, Loaded } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { stringify } from '../format/json.ts';
import { DEFAULT_STATE_FILE, jsonOption, type JsonOptions } from '../options.ts';
import { count } from '../../net/units.ts';

function checkJson(file: string, { model, diagnostics }: Loaded): string {
  const counts = { tunnels: model?.tunnels.length, interfaces: model?.interfaces.length };
  return stringify({ file, ok: model !== undefined, ...counts, diagnostics });
}

async function check(ctx: Context, file: string, { json }: JsonOptions): Promise<ExitCode> {
  const loaded = await ctx.load(file);
  const { model, diagnostics, text } = loaded;
  const code = model === undefined ? exitCodes.failed : exitCodes.ok;
  if (json) {
    ctx.out(checkJson(file, loaded));
    return code;
  }
  if (diagnostics.length > 0) ctx.err(formatDiagnostics(diagnostics, text));
  if (model !== undefined) {
    const parts = [
      count(model.tunnels.length, 'tunnel'),
      count(model.interfaces.length, 'interface'),
      count(diagnostics.length, 'warning'),
    ];
    ctx.out(`${file}: ${ctx.style.good('ok')} (${parts.join(', ')})`);
  }
  return code;
}

export const checkCommand: MakeCommand = (ctx, finish) =>
  new Command('check')
    .summary('check the state file')
    .description('Check the state file and tell every problem with its line, column and cure.')
    .argument('[file]', 'the state file', DEFAULT_STATE_FILE)
    .addOption(jsonOption())
    .action(async (file: string, options: JsonOptions) => finish(await check(ctx, file, options)));
