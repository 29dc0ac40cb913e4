// Fields of the schema, each with its description and example for the JSON Schema and its words for messages.
import * as z from 'zod';
import type { Fault } from '../problem.ts';
import type { Reader } from './fault.ts';

export interface FieldNote {
  /** ends the sentence `... must be` */
  readonly expects: string;
  /** as it is typed behind the key */
  readonly example: string;
  /** never repeat the value in a message */
  readonly secret: boolean;
  /** a number out of bounds most likely means the bound; else the example is the better hint */
  readonly clamp: boolean;
  /** says more about a wrong value than `expects` does; undefined where there is no more to say */
  readonly explain: ((value: unknown) => Fault | undefined) | undefined;
}

export const notes: z.core.$ZodRegistry<FieldNote> = z.registry<FieldNote>();

interface About {
  readonly description: string;
  readonly example: unknown;
  /** in place of the example where a person should type something of their own */
  readonly typed?: string;
  readonly expects?: string;
  readonly secret?: boolean;
  readonly clamp?: boolean;
  /** for the JSON Schema; a check of a text brings its own */
  readonly pattern?: string;
  readonly explain?: (value: unknown) => Fault | undefined;
}

/** Flow style, as one types it: `{cost: 15, type: ptp}`. */
function typed(example: unknown): string {
  if (Array.isArray(example)) return `[${example.map(typed).join(', ')}]`;
  if (typeof example !== 'object' || example === null) return String(example);
  const pairs = Object.entries(example).map(([key, value]) => `${key}: ${typed(value)}`);
  return `{${pairs.join(', ')}}`;
}

/** One value and no other, with what an editor says where another stands; `must be false` alone tells nobody what may. */
export const only = <const V extends string | number | boolean>(value: V, errorMessage: string): z.ZodLiteral<V> =>
  z.literal(value).meta({ errorMessage });

/** What is said of a schema is written down beside it: `schema.meta()` would make another of it, which takes the time of a start. */
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

/** A text, read once: its output is what it means. */
export function text<T>(read: Reader<T>, about: About & { expects: string }): z.ZodType<T, string> {
  const schema = z.string().check((payload) => {
    const found = read(payload.value);
    if (!isFault(found)) (payload as { value: unknown }).value = found;
    else
      payload.issues.push({ code: 'custom', message: found.message, params: { fault: found }, input: payload.value });
  });
  return field(schema as unknown as z.ZodType<T, string>, { ...about, pattern: read.pattern });
}

/** May be absent; what is filled in then (src/config/resolve) is told to editors. */
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
