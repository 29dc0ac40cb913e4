// Random values of any schema: numbers, flags and words follow from it; texts and the names of a map's entries have no form
// of their own in it and must be said, so that a new key without them is an error here and not a key that nobody tries.
import fc from 'fast-check';
import * as z from 'zod';

/** What a leaf may be drawn from: where it stands (`tunnels.wg1.address`), and that place with `*` for names and places. */
export interface Place {
  readonly path: readonly string[];
  readonly pattern: string;
}

export interface Words {
  /** texts by pattern: the first whose key is the place's pattern, or its end behind a dot */
  readonly texts: Readonly<Record<string, (place: Place) => fc.Arbitrary<string>>>;
  /** names of a map's entries, by its pattern */
  readonly names: Readonly<Record<string, readonly string[]>>;
  /** how likely an optional key is there, by pattern as above; else 0.3 */
  readonly odds: Readonly<Record<string, number>>;
  /** what makes a value of a pattern more likely right, without keeping a key from it that it does not know */
  readonly fixes: Readonly<Record<string, (value: Drawn, place: Place) => unknown>>;
}

/** A map or list as it was drawn. */
export type Drawn = Record<string, unknown>;

interface Def {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly options?: readonly z.core.$ZodType[];
  readonly valueType?: z.core.$ZodType;
  readonly element?: z.core.$ZodType;
  readonly innerType?: z.core.$ZodType;
  readonly values?: readonly unknown[];
  readonly entries?: Readonly<Record<string, unknown>>;
}

const WRAPPERS: readonly string[] = ['optional', 'default', 'prefault'];

export const defOf = (schema: z.core.$ZodType): Def => schema._zod.def;

/** The schema without what makes it optional. */
export function bare(schema: z.core.$ZodType): z.core.$ZodType {
  const { type, innerType } = defOf(schema);
  return WRAPPERS.includes(type) && innerType !== undefined ? bare(innerType) : schema;
}

/** The value under the longest key that is the pattern, or its end behind a dot. */
export function lookUp<T>(table: Readonly<Record<string, T>>, pattern: string): T | undefined {
  const parts = pattern.split('.');
  for (let i = 0; i < parts.length; i++) {
    const found = table[parts.slice(i).join('.')];
    if (found !== undefined) return found;
  }
  return undefined;
}

const below = ({ path, pattern }: Place, name: string, star = false): Place => ({
  path: [...path, name],
  pattern: [...(pattern === '' ? [] : [pattern]), star ? '*' : name].join('.'),
});

function integer(schema: z.core.$ZodType): fc.Arbitrary<number> {
  const { minimum = 0, maximum = 0 } = z.toJSONSchema(schema as z.ZodType, { io: 'input' });
  const small = { min: minimum, max: Math.min(maximum, minimum + 60) };
  return fc.oneof(
    fc.integer({ min: minimum, max: maximum }),
    fc.integer(small),
    fc.constantFrom(minimum, maximum, Math.min(minimum + 1, maximum)),
  );
}

function map(def: Def, words: Words, place: Place): fc.Arbitrary<unknown> {
  const entries = Object.entries(def.shape ?? {}).map(([key, schema]) => {
    const at = below(place, key);
    const needed = !WRAPPERS.includes(defOf(schema).type);
    const odds = needed ? 1 : (lookUp(words.odds, at.pattern) ?? 0.3);
    const there = fc.noBias(fc.nat(999)).map((n) => n < odds * 1000);
    return fc
      .tuple(needed ? fc.constant(true) : there, arbitraryOf(bare(schema), words, at))
      .map(([present, value]) => (present ? { [key]: value } : {}));
  });
  return fc.tuple(...entries).map((parts) => Object.assign({}, ...parts) as unknown);
}

function entriesOf(def: Def, words: Words, place: Place): fc.Arbitrary<unknown> {
  const names = lookUp(words.names, place.pattern);
  const { valueType } = def;
  if (names === undefined || valueType === undefined) throw new Error(`no names for the map ${place.pattern}`);
  const entries = names.map((name): fc.Arbitrary<[string, unknown]> => {
    const at = { path: [...place.path, name], pattern: below(place, name, true).pattern };
    return fc.tuple(fc.constant(name), arbitraryOf(valueType, words, at));
  });
  return fc.tuple(fc.subarray([...names]), ...entries).map(([chosen, ...all]) => {
    return Object.fromEntries(all.filter(([name]) => chosen.includes(name)));
  });
}

function list(def: Def, words: Words, place: Place): fc.Arbitrary<unknown> {
  const { element } = def;
  if (element === undefined) throw new Error(`no element of the list ${place.pattern}`);
  return fc.array(arbitraryOf(element, words, below(place, '*')), { minLength: 1, maxLength: 3 });
}

/** Values of the schema. Throws on a text or a map that `words` does not know. */
export function arbitraryOf(schema: z.core.$ZodType, words: Words, place: Place): fc.Arbitrary<unknown> {
  const fix = lookUp(words.fixes, place.pattern);
  const drawn = valuesOf(schema, words, place);
  if (fix === undefined) return drawn;
  return drawn.map((value) => (typeof value === 'object' && value !== null ? fix(value as Drawn, place) : value));
}

function valuesOf(schema: z.core.$ZodType, words: Words, place: Place): fc.Arbitrary<unknown> {
  const def = defOf(schema);
  switch (def.type) {
    case 'object':
      return map(def, words, place);
    case 'record':
      return entriesOf(def, words, place);
    case 'union':
      return fc.oneof(...(def.options ?? []).map((option) => arbitraryOf(option, words, place)));
    case 'array':
      return list(def, words, place);
    case 'literal':
      return fc.constantFrom(...(def.values ?? []));
    case 'enum':
      return fc.constantFrom(...Object.values(def.entries ?? {}));
    case 'boolean':
      return fc.boolean();
    case 'number':
      return integer(schema);
    case 'string': {
      const text = lookUp(words.texts, place.pattern);
      if (text === undefined) throw new Error(`no texts for ${place.pattern}: say some in state-words.ts`);
      return text(place);
    }
    default:
      throw new Error(`${place.pattern} is a ${def.type}, of which no values can be drawn`);
  }
}

/** Every key of the schema as a pattern, and every word of a key that has a few: `mesh.exit=deny`. */
export function patternsOf(schema: z.core.$ZodType, pattern = ''): string[] {
  const def = defOf(bare(schema));
  const at = (name: string): string => (pattern === '' ? name : `${pattern}.${name}`);
  switch (def.type) {
    case 'object':
      return Object.entries(def.shape ?? {}).flatMap(([key, value]) => [at(key), ...patternsOf(value, at(key))]);
    case 'record':
      return def.valueType === undefined ? [] : patternsOf(def.valueType, at('*'));
    case 'array':
      return def.element === undefined ? [] : patternsOf(def.element, at('*'));
    case 'union':
      return [...new Set((def.options ?? []).flatMap((option) => patternsOf(option, pattern)))];
    case 'enum':
      return Object.values(def.entries ?? {}).map((word) => `${pattern}=${String(word)}`);
    default:
      return [];
  }
}

/** The same of one value: which keys and words it has. */
export function usedPatterns(schema: z.core.$ZodType, value: unknown, pattern = ''): string[] {
  const def = defOf(bare(schema));
  const at = (name: string): string => (pattern === '' ? name : `${pattern}.${name}`);
  const pairs = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  switch (def.type) {
    case 'object':
      return pairs.flatMap(([key, one]) => {
        const inner = def.shape?.[key];
        return inner === undefined ? [] : [at(key), ...usedPatterns(inner, one, at(key))];
      });
    case 'record':
    case 'array': {
      const inner = def.valueType ?? def.element;
      return inner === undefined ? [] : pairs.flatMap(([, one]) => usedPatterns(inner, one, at('*')));
    }
    case 'union':
      return (def.options ?? []).flatMap((option) => usedPatterns(option, value, pattern));
    case 'enum':
      return Object.values(def.entries ?? {}).includes(value) ? [`${pattern}=${String(value)}`] : [];
    default:
      return [];
  }
}
