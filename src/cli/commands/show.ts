// `wgospf show`: the state file with every default filled in.
import { Command, Option } from 'commander';
import { parse } from 'yaml';
import { renderResolved } from '../../model/render-resolved.ts';
import type { MakeCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { stringify } from '../format/json.ts';
import { loadState } from '../load-state.ts';
import { jsonOption, type JsonOptions, stateOption, type StateOptions } from '../options.ts';

export const showCommand: MakeCommand = (ctx, finish) =>
  new Command('show')
    .summary('show the state file with every default')
    .description('Show what the state file means: every default filled in, every name a number.')
    .addOption(new Option('--resolved', 'the same, as it was asked for once'))
    .addOption(stateOption())
    .addOption(jsonOption())
    .action(async ({ state, json }: StateOptions & JsonOptions) => {
      const text = renderResolved(await loadState(ctx, state)).trimEnd();
      ctx.out(json === true ? stringify(parse(text) as object) : text);
      finish(exitCodes.ok);
    });
