// `wgospf bird render` and `wgospf bird diff`: the bird.conf that the state file means, alone and beside the one in place and the
// BIRD that runs. Both only read. Passwords of OSPF are not in it: it includes them by file.
import { isHostError } from '../../host/error.ts';
import type { Host } from '../../host/types.ts';
import type { BirdDialect, RouterModel } from '../../model/types.ts';
import { GENERATION_QUESTION, valueIn } from '../../resources/bird/configure.ts';
import { readHeader } from '../../resources/bird/header.ts';
import { renderBirdConf } from '../../resources/bird/render.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { unifiedDiff } from '../format/unified-diff.ts';
import { loadState } from '../load-state.ts';
import type { BirdVersion, BirdView, StateOptions } from '../options.ts';
import { requireRoot } from '../require-root.ts';

const dialects: Readonly<Record<BirdVersion, BirdDialect>> = { '1.6': '1.6', '2': '2', '3': '2' };

interface Options extends StateOptions {
  readonly for?: BirdVersion;
}

/** @param version of `--for`; without it the file is for the BIRD that the state file names or this host has */
function render(model: RouterModel, version: BirdVersion | undefined): string {
  const dialect = version === undefined ? model.bird.dialect : dialects[version];
  const v3 = model.bird.instances.some(({ ipv4, ipv6 }) => ipv4 === 'v3' || ipv6);
  if (dialect === '1.6' && v3) {
    throw new CliError(
      'BIRD 1.6 does not support this: the state file has OSPFv3, which needs BIRD 2 or 3',
      exitCodes.failed,
    );
  }
  return renderBirdConf(model, dialect);
}

/** What the BIRD behind the socket runs, compared with the desired file; undefined if equal. */
async function runningDiffers(host: Host, model: RouterModel, text: string): Promise<string | undefined> {
  const wanted = readHeader(text)?.generation ?? '';
  const { controlSocket } = model.bird;
  try {
    const running = valueIn(await host.bird.ask(controlSocket, GENERATION_QUESTION));
    if (running === wanted) return undefined;
    const what = running === '' ? 'a configuration that wgospf did not write' : `generation ${running}`;
    return `BIRD on ${controlSocket} runs ${what}, not generation ${wanted}`;
  } catch (error) {
    if (!isHostError(error)) throw error;
    return `BIRD on ${controlSocket} does not report its configuration: ${error.detail}`;
  }
}

async function diff(ctx: Context, model: RouterModel): Promise<ExitCode> {
  requireRoot(ctx, 'bird diff');
  const { configFile } = model.bird;
  const [text, host] = [render(model, undefined), ctx.host()];
  const found = (await host.files.read(configFile)) ?? '';
  const difference = unifiedDiff(found, text, [configFile, 'bird.conf for the state file']);
  const running = await runningDiffers(host, model, text);
  if (difference !== '') ctx.out(difference);
  if (running !== undefined) ctx.out(running);
  return difference === '' && running === undefined ? exitCodes.ok : exitCodes.failed;
}

export async function bird(ctx: Context, view: BirdView, options: Options): Promise<ExitCode> {
  if (view === 'diff' && options.for !== undefined) {
    throw new CliError('--for works only with render: diff uses the version of the running BIRD', exitCodes.usage);
  }
  const model = await loadState(ctx, options.state);
  if (view === 'diff') return diff(ctx, model);
  ctx.out(render(model, options.for).trimEnd());
  return exitCodes.ok;
}
