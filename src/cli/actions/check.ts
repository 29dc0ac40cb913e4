// `wgospf check [FILE]`, or `-s FILE` as everywhere: checks the state file and this host. Reads only. The file needs no root.
import type { Command } from 'commander';
import { formatDiagnostics } from '../../config/diagnostic.ts';
import { count } from '../../net/units.ts';
import { checkHost, dropInOf, formatFindings, type HostFindings, vetoesOf } from '../check-host.ts';
import { CliError } from '../cli-error.ts';
import type { Context, Loaded } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { stringify } from '../format/json.ts';
import { DEFAULT_STATE_FILE, type JsonOptions, type StateOptions } from '../options.ts';

interface Options extends JsonOptions, StateOptions {
  readonly networkdDropin?: true;
}

/** Whether this host would take the state, as far as is known. */
const isTaken = ({ model }: Loaded, host: HostFindings | undefined): boolean =>
  model !== undefined && (host?.heldBy ?? null) === null;

function checkJson(file: string, loaded: Loaded, host: HostFindings | undefined): string {
  const { model, diagnostics } = loaded;
  const counts = { tunnels: model?.tunnels.length, interfaces: model?.interfaces.length };
  return stringify({ file, ok: isTaken(loaded, host), ...counts, diagnostics, host });
}

function summary(ctx: Context, file: string, { model, diagnostics }: Loaded, host: HostFindings | undefined): string[] {
  if (model === undefined) return [];
  const parts = [
    count(model.tunnels.length, 'tunnel'),
    count(model.interfaces.length, 'interface'),
    count(diagnostics.length, 'warning'),
  ];
  const heldBy = host?.heldBy ?? null;
  const word = heldBy === null ? ctx.style.good('ok') : ctx.style.bad(`held back on this host by ${heldBy}`);
  return [`${file}: ${word} (${parts.join(', ')})`];
}

/** Only the installed file is certainly for this host: another file may be another router's, so only vetoes count. */
async function findings(ctx: Context, file: string, { model }: Loaded): Promise<HostFindings | undefined> {
  if (model === undefined || !ctx.root) return undefined;
  return file === DEFAULT_STATE_FILE ? checkHost(ctx, model) : vetoesOf(ctx, model);
}

async function checkFile(ctx: Context, file: string, { json }: JsonOptions): Promise<ExitCode> {
  const loaded = await ctx.load(file);
  const { diagnostics, text } = loaded;
  const found = await findings(ctx, file, loaded);
  const code = isTaken(loaded, found) ? exitCodes.ok : exitCodes.failed;
  if (json) {
    ctx.out(checkJson(file, loaded, found));
    return code;
  }
  if (diagnostics.length > 0) ctx.err(formatDiagnostics(diagnostics, text));
  const rest = found === undefined ? [] : await formatFindings(ctx, found);
  const lines = [...summary(ctx, file, loaded, found), ...rest];
  if (lines.length > 0) ctx.out(lines.join('\n'));
  return code;
}

export async function check(
  ctx: Context,
  named: string | undefined,
  options: Options,
  command: Command,
): Promise<ExitCode> {
  if (named !== undefined && command.getOptionValueSource('state') === 'cli' && named !== options.state)
    throw new CliError('wgospf check: one state file at a time, by its name or by -s', exitCodes.usage);
  if (options.networkdDropin !== true) return checkFile(ctx, named ?? options.state, options);
  ctx.out((await dropInOf(ctx)).trimEnd());
  return exitCodes.ok;
}
