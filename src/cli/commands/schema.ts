// The words of `wgospf schema`; what it does is in actions/schema.ts.
import { Command } from 'commander';
import type { MakeCommand } from '../command.ts';

export const schemaCommand: MakeCommand = (act) =>
  new Command('schema')
    .summary('print the JSON Schema of the state file')
    .description('Print the JSON Schema of the state file, made from the checks themselves.')
    .action(act(async () => (await import('../actions/index.ts')).schema));
