// `wgospf exec COMMAND`: a program whose traffic is the mesh's, as the mode of isolation has it.
import { Command } from 'commander';
import type { Host } from '../../host/types.ts';
import type { RouterModel } from '../../model/types.ts';
import { CliError } from '../cli-error.ts';
import type { MakeCommand } from '../command.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { loadState } from '../load-state.ts';
import { stateOption, type StateOptions } from '../options.ts';
import { requireRoot } from '../require-root.ts';
import { APPLY } from '../../model/cure-words.ts';

/** What stands before the command line; in table mode the rules tell the mesh's packets by their addresses. */
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

async function exec(ctx: Context, command: readonly string[], state: string): Promise<void> {
  const { isolation, table } = (await loadState(ctx, state)).mesh;
  if (isolation !== 'table') {
    requireRoot(ctx, 'exec');
    if (!(await isThere(ctx.host(), isolation, table.name))) {
      const cure = `run ${APPLY}`;
      throw new CliError(`wgospf exec: there is no ${words[isolation]} ${table.name} yet; ${cure}`, exitCodes.failed);
    }
  }
  ctx.become([...wrappers[isolation](table.name), ...command]);
}

export const execCommand: MakeCommand = (ctx) =>
  new Command('exec')
    .summary('run a command in the mesh')
    .description(
      'Run a command in the mesh: in its network namespace or its VRF, or as it is where the mesh has a table, whose rules ' +
        'go by addresses. Exits with the status of the command.',
    )
    .addOption(stateOption())
    .argument(
      '<command...>',
      'the command with its arguments, after -- where it has options: wgospf exec -- ping 10.69.1.11',
    )
    .passThroughOptions()
    .action(async (command: string[], { state }: StateOptions) => exec(ctx, command, state));
