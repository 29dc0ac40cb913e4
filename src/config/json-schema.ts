// The schema as editors read it.
import { z } from 'zod';
import { stateSchema } from './schema/state.ts';

/** JSON Schema (draft 2020-12) of the state file, with descriptions, examples and defaults. */
export function jsonSchema(): object {
  return z.toJSONSchema(stateSchema, { io: 'input', target: 'draft-2020-12' });
}
