// Turns zod's issues into problems in an operator's words, each with its cure.
import type * as z from 'zod';
import { freeExamples, type FreeExample } from './free-example.ts';
import { formatPath } from './locate.ts';
import type { Locator, Path } from './locate.ts';
import type { Fault, Problem } from './problem.ts';
import { redact } from './redact.ts';
import { keysAt, noteAt, schemaAt } from './schema-at.ts';
import { meantKey, unknownKey } from './unknown-key.ts';

type Issue = z.core.$ZodIssue;

export const valueAt = (root: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, part)
        ? (value as Record<string | number, unknown>)[part]
        : undefined,
    root,
  );

/** Describes the value in words; a long text is shortened. */
function shown(value: unknown, plain: string | undefined): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value !== 'string') return `\`${plain ?? JSON.stringify(value)}\``;
  const safe = redact(value);
  const text = safe.length > 40 ? `${safe.slice(0, 37)}...` : safe;
  return plain === undefined ? `the text "${text}"` : `\`${text}\``;
}

const nameOf = (path: Path): string => {
  const last = path.at(-1);
  return typeof last === 'number' ? `\`${formatPath(path.slice(-2))}\`` : `\`${last ?? 'the file'}\``;
};

interface Shape {
  readonly root: z.ZodType;
  readonly value: unknown;
  readonly locator: Locator;
  readonly free: FreeExample;
}

const exampleAt = ({ root, free }: Shape, path: Path): string | undefined => {
  const example = noteAt(root, path)?.example;
  return example === undefined ? undefined : free(path, example);
};

function missing(shape: Shape, path: Path): Problem {
  const around = path.length === 1 ? 'the file' : `\`${formatPath(path.slice(0, -1))}\``;
  const example = exampleAt(shape, path) ?? '...';
  // an operator who omits it may expect another program to set it
  const followed =
    path[0] === 'interfaces' && path[2] === 'address'
      ? `, or the one that ${String(path[1])} has: one that changes, by DHCP or PPP, is not followed`
      : '';
  return {
    code: 'missing-key',
    path,
    message: `${around} lacks ${nameOf(path)}`,
    hint: `${String(path.at(-1))}: ${example}${followed}`,
  };
}

/** Limit of unknown keys of one map: guessing the meaning of a hundred thousand would take a minute. */
const MOST_KEYS = 300;

/** Whether the missing key is present under a misspelt name: that has its own problem. */
function misspelt({ root, value }: Shape, path: Path): boolean {
  const map = path.slice(0, -1);
  const around = valueAt(value, map);
  if (typeof around !== 'object' || around === null) return false;
  const known = keysAt(root, map);
  return Object.keys(around)
    .slice(0, MOST_KEYS)
    .some((key) => !known.includes(key) && meantKey({ root, path: map, key }) === path.at(-1));
}

/** Booleans, and the other words for them of YAML 1.1, which are text in 1.2. */
const BOOLEANS: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  false: false,
  no: false,
  off: false,
};

/** The value as the schema needs it, if only the quotes are wrong: `"15"` for a number, `0x10` for a text. */
function requoted(shape: Shape, path: Path, value: unknown): string | undefined {
  const schema = schemaAt(shape.root, path) as z.ZodType | undefined;
  if (schema === undefined) return undefined;
  const plain = shape.locator.place(path)?.plain;
  if (plain !== undefined && typeof value !== 'string') {
    return plain !== '' && schema.safeParse(plain).success ? `"${plain}"` : undefined;
  }
  if (typeof value !== 'string') return undefined;
  const list = value.split(/[,\s]+/).filter((part) => part !== '');
  if (schema.safeParse(list).success) return `[${list.join(', ')}]`;
  const meant = /^\d+$/.test(value) ? Number(value) : BOOLEANS[value.toLowerCase()];
  return meant !== undefined && schema.safeParse(meant).success ? String(meant) : undefined;
}

function wrongValue(shape: Shape, path: Path, value: unknown, issue?: Issue): Problem {
  const note = noteAt(shape.root, path);
  const explained: Fault | undefined = note?.explain?.(value);
  if (explained !== undefined) return { ...explained, path };
  const key = path.at(-1);
  const prefix = typeof key === 'string' ? `${key}: ` : '';
  const place = shape.locator.place(path);
  const is = note?.secret === true && typeof value === 'string' ? 'something else' : shown(value, place?.plain);
  const again = requoted(shape, path, value);
  const wrong = value === null ? 'no-value' : wrongKind(value, note?.example);
  return {
    code: wrong,
    path,
    message: `${nameOf(path)} must be ${note?.expects ?? 'a map'}, but is ${is}`,
    hint: `${prefix}${again ?? (note?.clamp === true ? bound(issue) : undefined) ?? exampleAt(shape, path) ?? '{...}'}`,
  };
}

/** The nearest number that is allowed. */
function bound(issue: Issue | undefined): string | undefined {
  if (issue?.code === 'too_small' && issue.origin !== 'array') return String(issue.minimum);
  return issue?.code === 'too_big' && issue.maximum <= 0xffffffff ? String(issue.maximum) : undefined;
}

/** The code of a problem: a number of the right type is out of range, a text is not one of the allowed words. */
function wrongKind(value: unknown, example: string | undefined): string {
  if (Number.isInteger(value) && /^\d+$/.test(example ?? '')) return 'out-of-range';
  return typeof value === 'string' && /^[a-z]+$/.test(example ?? '') && !/^(true|false)$/.test(example ?? '')
    ? 'wrong-word'
    : 'wrong-type';
}

/** Chooses the intended one of a value's possible shapes: the one whose faults are inside the value. */
function fromUnion(shape: Shape, issue: z.core.$ZodIssueInvalidUnion, path: Path, value: unknown): Problem[] {
  const inside = issue.errors.find((issues) =>
    issues.every((i) => i.path.length > 0 || i.code === 'unrecognized_keys'),
  );
  const checked = inside ?? issue.errors.find((issues) => issues.every((i) => i.code === 'custom'));
  if (checked === undefined) return [wrongValue(shape, path, value)];
  return checked.flatMap((i) => fromIssue(shape, { ...i, path: [...path, ...i.path] }));
}

function fromIssue(shape: Shape, issue: Issue): Problem[] {
  const path = issue.path as Path;
  const value = valueAt(shape.value, path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, MOST_KEYS).map((key) => {
      const typed = shape.locator.typed([...path, key]);
      return unknownKey({ root: shape.root, path, key, value: valueAt(value, [key]), typed });
    });
  }
  if (value === undefined) return misspelt(shape, path) ? [] : [missing(shape, path)];
  if (issue.code === 'invalid_union') return fromUnion(shape, issue, path, value);
  if (issue.code === 'custom') {
    const fault = issue.params?.['fault'] as Fault | undefined;
    // if nothing of the text is usable, the cure is the example
    const hint = fault?.hint === noteAt(shape.root, path)?.example ? exampleAt(shape, path) : undefined;
    if (fault !== undefined) return [{ ...fault, hint: hint ?? fault.hint, path }];
  }
  return [wrongValue(shape, path, value, issue)];
}

export function shapeProblems(root: z.ZodType, value: unknown, locator: Locator, issues: readonly Issue[]): Problem[] {
  const shape = { root, value, locator, free: freeExamples(value) };
  return issues.flatMap((issue) => fromIssue(shape, issue));
}
