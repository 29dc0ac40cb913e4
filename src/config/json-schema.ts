// The schema as editors read it.
import * as z from 'zod';
import { stateSchema } from './schema/state.ts';

/** JSON Schema (draft 2020-12) of the state file, with descriptions, defaults and every example. */
export function documentedSchema(): object {
  return z.toJSONSchema(stateSchema, { io: 'input', target: 'draft-2020-12' });
}

/** The same for editors. Where a value may have several shapes they insert an example as a text: of a map `[object Object]`. */
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
