// What of a faulty file could be read, so that the cross-checks report their part in the same run.
import type { State } from '../model/state.ts';
import type { Path } from './locate.ts';

type Partly<T> = T extends readonly (infer E)[]
  ? readonly (Partly<E> | undefined)[]
  : T extends object
    ? { readonly [K in keyof T]?: Partly<T[K]> | undefined }
    : T;

/** The state file with holes where something was missing or wrong; every value that is there has the right shape. */
export type Draft = Partly<State>;

function without(value: unknown, path: Path): void {
  const [part, ...rest] = path;
  if (part === undefined || typeof value !== 'object' || value === null) return;
  const holder = value as Record<string | number, unknown>;
  if (!Object.hasOwn(holder, part)) return;
  if (rest.length > 0) without(holder[part], rest);
  // a list keeps its length, or the places of what follows would be wrong
  else holder[part] = undefined;
}

export function draftOf(value: unknown, faulty: readonly Path[]): Draft {
  const copy: unknown = structuredClone(value);
  for (const path of faulty) without(copy, path);
  return copy as Draft;
}
