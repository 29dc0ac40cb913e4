// `wgospf exec COMMAND`: a program whose traffic is the mesh's, as the mode of isolation has it.
import type { Host } from '../../host/types.ts';
import type { RouterModel } from '../../model/types.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { loadState } from '../load-state.ts';
import type { StateOptions } from '../options.ts';
import { requireRoot } from '../require-root.ts';
import { APPLY } from '../../model/cure-words.ts';

/** What comes before the command line; in table mode the rules recognise mesh packets by their addresses. */
const wrappers: Readonly<Record<RouterModel['mesh']['isolation'], (place: string) => readonly string[]>> = {
  table: () => [],
  vrf: (place) => ['ip', 'vrf', 'exec', place],
  netns: (place) => ['ip', 'netns', 'exec', place],
};

const words = { vrf: 'VRF device', netns: 'network namespace' } as const;

async function isThere(host: Host, isolation: 'vrf' | 'netns', place: string): Promise<boolean> {
  if (isolation === 'netns') return (await host.netns.list()).includes(place);
  return (await host.rtnl.links()).some(({ name, kind }) => name === place && kind === 'vrf');
}

export async function exec(ctx: Context, command: readonly string[], { state }: StateOptions): Promise<ExitCode> {
  const { isolation, table } = (await loadState(ctx, state)).mesh;
  if (isolation !== 'table') {
    requireRoot(ctx, 'exec');
    if (!(await isThere(ctx.host(), isolation, table.name))) {
      const cure = `run ${APPLY}`;
      throw new CliError(`wgospf exec: there is no ${words[isolation]} ${table.name} yet; ${cure}`, exitCodes.failed);
    }
  }
  ctx.become([...wrappers[isolation](table.name), ...command]);
  return exitCodes.ok; // of a context that became nothing, as those of tests
}
