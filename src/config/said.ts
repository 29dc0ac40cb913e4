// The content of the state file as the schema reads it: texts are converted to their values, and no default is filled in. A missing
// or wrong value is undefined; a list keeps its indexes.
import * as z from 'zod';
import type { HostPort } from '../net/endpoint.ts';
import type { Prefix } from '../net/ip.ts';
import type { Locator, Path } from './locate.ts';
import type { Problem } from './problem.ts';
import { child, unwrap, type Any } from './schema-at.ts';
import { interfaceSchema, tunnelSchema } from './schema/link.ts';
import { stateSchema } from './schema/state.ts';
import { shapeProblems } from './shape-problems.ts';

type Partly<T> = T extends Prefix | HostPort
  ? T
  : T extends readonly (infer E)[]
    ? readonly (Partly<E> | undefined)[]
    : T extends object
      ? { readonly [K in keyof T]?: Partly<T[K]> | undefined }
      : T;

type EntryOf<M> = NonNullable<NonNullable<M>[keyof NonNullable<M>]>;

export type Said = Partly<z.output<typeof stateSchema>>;
export type MeshSaid = NonNullable<Said['mesh']>;
export type InterfaceSaid = EntryOf<Said['interfaces']>;
export type TunnelSaid = EntryOf<Said['tunnels']>;
export type OspfSaid = Exclude<NonNullable<TunnelSaid['ospf']>, false>;
export type AuthenticationSaid = NonNullable<OspfSaid['authentication']>;
export type KeySaid = NonNullable<NonNullable<AuthenticationSaid['keys']>[number]>;
export type InstanceSaid = NonNullable<NonNullable<Said['bird']>['ospf']>;
export type AreaSaid = EntryOf<InstanceSaid['areas']>;

const isMap = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);

function takes(schema: Any, value: unknown): boolean {
  if (schema instanceof z.core.$ZodObject || schema instanceof z.core.$ZodRecord) return isMap(value);
  return schema instanceof z.core.$ZodArray ? Array.isArray(value) : z.safeParse(schema, value).success;
}

/** The readable part of a value that the schema refused. */
function readPartly(schema: Any | undefined, value: unknown): unknown {
  if (schema === undefined) return undefined;
  const { inner } = unwrap(schema);
  if (inner instanceof z.core.$ZodUnion)
    return readPartly(
      inner._zod.def.options.find((option) => takes(option, value)),
      value,
    );
  if (inner instanceof z.core.$ZodArray && Array.isArray(value))
    return value.map((one) => readPartly(inner._zod.def.element, one));
  if ((inner instanceof z.core.$ZodObject || inner instanceof z.core.$ZodRecord) && isMap(value))
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, readPartly(child(inner, key), one)]));
  return z.safeParse(inner, value).data;
}

/** Deletes the value at the path. */
function without(value: unknown, [part, ...rest]: Path): void {
  if (part === undefined || typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return;
  const holder = value as Record<string | number, unknown>;
  if (rest.length > 0) without(holder[part], rest);
  else holder[part] = undefined;
}

type Issue = z.core.$ZodIssue;

const SECTIONS = { interfaces: interfaceSchema, tunnels: tunnelSchema } as const;

/** The schema's output by a link's value: plain-yaml.ts keeps the value of a link while its text stays the same. */
const known = new WeakMap<object, unknown>();

function readLink(schema: Any, link: unknown, path: Path, issues: Issue[]): unknown {
  const before = isMap(link) ? known.get(link) : undefined;
  if (before !== undefined) return before;
  const { data, error } = z.safeParse(schema, link);
  if (error === undefined && isMap(link)) known.set(link, data);
  for (const issue of error?.issues ?? []) issues.push({ ...issue, path: [...path, ...issue.path] });
  return error === undefined ? data : readPartly(schema, link);
}

/** Reads links one by one, because most did not change since the previous read. */
function readSections(value: object): { readonly said: Said; readonly issues: readonly Issue[] } {
  const rest: Record<string, unknown> = { ...value };
  const links: Record<string, unknown> = {};
  const issues: Issue[] = [];
  for (const [section, schema] of Object.entries(SECTIONS)) {
    const found = rest[section];
    if (!isMap(found)) continue;
    rest[section] = {};
    links[section] = Object.fromEntries(
      Object.entries(found).map(([name, link]) => [name, readLink(schema, link, [section, name], issues)]),
    );
  }
  const { data, error } = stateSchema.safeParse(rest);
  const said = (data ?? readPartly(stateSchema, rest)) as Said;
  return { said: { ...said, ...links }, issues: [...(error?.issues ?? []), ...issues] };
}

interface ReadSaid {
  readonly said: Said;
  readonly problems: readonly Problem[];
  /** the schema accepted all of it */
  readonly complete: boolean;
}

/** Reads as much as possible, so that problems of the shape hide no others. */
export function readSaid(value: object, locator: Locator): ReadSaid {
  const { said, issues } = readSections(value);
  if (issues.length === 0) return { said, problems: [], complete: true };
  const problems = shapeProblems(stateSchema, value, locator, issues);
  for (const { path } of problems) without(said, path);
  return { said, problems, complete: false };
}
