// `wgospf schema`: the JSON Schema of the state file, for editors.
import { jsonSchema } from '../../config/json-schema.ts';
import type { Context } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { stringify } from '../format/json.ts';

export function schema(ctx: Context): ExitCode {
  ctx.out(stringify(jsonSchema()));
  return exitCodes.ok;
}
