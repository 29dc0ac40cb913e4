// Walks the zod schema along a path of the file: the allowed values and keys there, and the words for messages.
import * as z from 'zod';
import type { Path } from './locate.ts';
import { notes } from './schema/field.ts';
import type { FieldNote } from './schema/field.ts';

export type Any = z.core.$ZodType;

/** The schema without the wrappers for defaults and `optional`, and the note of the first layer that has one. */
export function unwrap(schema: Any): { inner: Any; note: FieldNote | undefined } {
  let inner = schema;
  let note = notes.get(inner as z.ZodType);
  while (
    inner instanceof z.core.$ZodOptional ||
    inner instanceof z.core.$ZodDefault ||
    inner instanceof z.core.$ZodPrefault
  ) {
    inner = inner._zod.def.innerType;
    note ??= notes.get(inner as z.ZodType);
  }
  return { inner, note };
}

export function child(schema: Any, part: string | number): Any | undefined {
  const { inner } = unwrap(schema);
  if (inner instanceof z.core.$ZodObject) {
    const shape: Record<string, Any> = inner._zod.def.shape;
    return Object.hasOwn(shape, part) ? shape[part] : undefined;
  }
  if (inner instanceof z.core.$ZodRecord) return inner._zod.def.valueType;
  if (inner instanceof z.core.$ZodArray) return inner._zod.def.element;
  if (inner instanceof z.core.$ZodUnion) {
    for (const option of inner._zod.def.options) {
      const found = child(option, part);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** undefined if the file cannot have this path. */
export const schemaAt = (root: Any, path: Path): Any | undefined =>
  path.reduce<Any | undefined>((schema, part) => (schema === undefined ? undefined : child(schema, part)), root);

export function noteAt(root: Any, path: Path): FieldNote | undefined {
  const schema = schemaAt(root, path);
  return schema === undefined ? undefined : unwrap(schema).note;
}

function objectOf(schema: Any): z.core.$ZodObject | undefined {
  const { inner } = unwrap(schema);
  if (inner instanceof z.core.$ZodObject) return inner;
  if (!(inner instanceof z.core.$ZodUnion)) return undefined;
  return inner._zod.def.options.map(objectOf).find((o) => o !== undefined);
}

/** The paths of all maps with fixed keys, with NAME for free names; without maps in lists, which have no path to name. */
export function mapsOf(schema: Any, path: Path = []): Path[] {
  const { inner } = unwrap(schema);
  if (inner instanceof z.core.$ZodRecord) return mapsOf(inner._zod.def.valueType, [...path, 'NAME']);
  if (inner instanceof z.core.$ZodUnion) return inner._zod.def.options.flatMap((option) => mapsOf(option, path));
  if (!(inner instanceof z.core.$ZodObject)) return [];
  const shape: Record<string, Any> = inner._zod.def.shape;
  return [path, ...Object.entries(shape).flatMap(([key, one]) => mapsOf(one, [...path, key]))];
}

/** The allowed keys of the map at `path`, in the schema's order; none if names are free. */
export function keysAt(root: Any, path: Path): string[] {
  const schema = schemaAt(root, path);
  return Object.keys((schema && objectOf(schema)?._zod.def.shape) ?? {});
}
