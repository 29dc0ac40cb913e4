// Fields of the schema, each with its description and example for the JSON Schema, and its words for messages.
import * as z from 'zod';
import type { Fault } from '../problem.ts';
import type { Reader } from './fault.ts';

export interface FieldNote {
  /** the end of the sentence `... must be` */
  readonly expects: string;
  /** as typed after the key */
  readonly example: string;
  /** messages never show the value */
  readonly secret: boolean;
  /** the cure for a number out of bounds: true: the bound, false: the example */
  readonly clamp: boolean;
  /** a more exact fault for a wrong value than `expects`; undefined if there is none */
  readonly explain: ((value: unknown) => Fault | undefined) | undefined;
}

export const notes: z.core.$ZodRegistry<FieldNote> = z.registry<FieldNote>();

interface About {
  readonly description: string;
  readonly example: unknown;
  /** replaces the example in cures, if the operator must choose the value */
  readonly typed?: string;
  readonly expects?: string;
  readonly secret?: boolean;
  readonly clamp?: boolean;
  /** for the JSON Schema; a reader of a text has its own */
  readonly pattern?: string;
  readonly explain?: (value: unknown) => Fault | undefined;
}

/** In flow style, as typed: `{cost: 15, type: ptp}`. */
function typed(example: unknown): string {
  if (Array.isArray(example)) return `[${example.map(typed).join(', ')}]`;
  if (typeof example !== 'object' || example === null) return String(example);
  const pairs = Object.entries(example).map(([key, value]) => `${key}: ${typed(value)}`);
  return `{${pairs.join(', ')}}`;
}

/** Exactly one value, with the message that an editor shows for any other: `must be false` alone does not name the allowed ones. */
export const only = <const V extends string | number | boolean>(value: V, errorMessage: string): z.ZodLiteral<V> =>
  z.literal(value).meta({ errorMessage });

/** Keeps the notes of a schema beside it: `schema.meta()` would copy the schema, which makes the start slower. */
export function field<T extends z.ZodType>(schema: T, about: About): T {
  const { description, example, expects, secret, pattern, explain } = about;
  const shown = about.typed ?? typed(example);
  const noted = notes.has(schema) ? schema.clone() : schema;
  const before = z.globalRegistry.get(schema);
  z.globalRegistry.add(noted, {
    ...before,
    description,
    examples: [example],
    ...(pattern !== undefined && { pattern }),
  });
  notes.add(noted, {
    expects: expects ?? 'something else',
    example: shown,
    secret: secret === true,
    clamp: about.clamp === true,
    explain,
  });
  return noted;
}

const isFault = (read: unknown): read is Fault => typeof read === 'object' && read !== null && 'hint' in read;

/** A text, read once: the output is its value. */
export function text<T>(read: Reader<T>, about: About & { expects: string }): z.ZodType<T, string> {
  const schema = z.string().check((payload) => {
    const found = read(payload.value);
    if (!isFault(found)) (payload as { value: unknown }).value = found;
    else
      payload.issues.push({ code: 'custom', message: found.message, params: { fault: found }, input: payload.value });
  });
  return field(schema as unknown as z.ZodType<T, string>, { ...about, pattern: read.pattern });
}

/** An optional value; editors get the default that src/config/resolve fills in. */
export function usual<T extends z.ZodType>(schema: T, value: unknown): z.ZodOptional<T> {
  const optional = schema.optional();
  z.globalRegistry.add(optional, { default: value });
  return optional;
}

export function integer(min: number, max: number, about: About): z.ZodInt {
  return field(z.int().check(z.gte(min), z.lte(max)), { expects: `a whole number from ${min} to ${max}`, ...about });
}

export const flag = (about: About): z.ZodBoolean => field(z.boolean(), { ...about, expects: 'true or false' });

export function word<const W extends string>(words: readonly [W, ...W[]], about: About): z.ZodType<W> {
  return field(z.enum(words) as unknown as z.ZodType<W>, {
    expects: words.length === 1 ? words[0] : `one of ${words.join(', ')}`,
    ...about,
  });
}
