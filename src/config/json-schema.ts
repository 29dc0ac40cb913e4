// The JSON Schema of the state file, for editors.
import * as z from 'zod';
import { stateSchema } from './schema/state.ts';

/** JSON Schema (draft 2020-12) of the state file, with descriptions, defaults and every example. */
export function documentedSchema(): object {
  return z.toJSONSchema(stateSchema, { io: 'input', target: 'draft-2020-12' });
}

/** The same for editors. If a value may have several shapes, editors insert an example as text: for a map `[object Object]`. */
export function jsonSchema(): object {
  return z.toJSONSchema(stateSchema, {
    io: 'input',
    target: 'draft-2020-12',
    override: ({ jsonSchema: node }) => {
      const isText = !(node.examples ?? []).some((example) => typeof example === 'object');
      if (node.anyOf !== undefined && !isText) delete node.examples;
    },
  });
}
