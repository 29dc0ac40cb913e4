// `wgospf schema`: the JSON Schema of the state file, for editors.
import { Command } from 'commander';
import { jsonSchema } from '../../config/json-schema.ts';
import type { MakeCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { stringify } from '../format/json.ts';

export const schemaCommand: MakeCommand = (ctx, finish) =>
  new Command('schema')
    .summary('print the JSON Schema of the state file')
    .description('Print the JSON Schema of the state file, made from the checks themselves.')
    .action(() => {
      ctx.out(stringify(jsonSchema()));
      finish(exitCodes.ok);
    });
