// The differences between the desired and the observed objects of one kind. Pure; uses the kind's own key and fields.
import { ADOPT } from '../model/cure-words.ts';
import { keyOf } from './in-namespaces.ts';
import type { Change, Desired, Foreign, Observed, Resource } from './types.ts';

export interface Difference<S, F extends string> {
  readonly changes: readonly Change<S, F>[];
  /** foreign objects in the place of a desired one */
  readonly foreign: readonly Foreign[];
}

/** Of two objects with one key it keeps the owned one, so that a foreign twin is never mistaken for ours. */
function byKey<S, P, F extends string>(
  resource: Resource<S, P, F>,
  observed: readonly Observed<S>[],
): Map<string, Observed<S>> {
  const map = new Map<string, Observed<S>>();
  for (const object of observed) {
    const key = keyOf(resource, object);
    if (!map.get(key)?.owned) map.set(key, object);
  }
  return map;
}

/** Names of the desired object's fields that differ in the observed one. */
export function differingFields<S, P, F extends string>(resource: Resource<S, P, F>, desired: S, observed: S): F[] {
  const [wanted, found] = [resource.fields(desired), resource.fields(observed)];
  return (Object.keys(wanted) as F[]).filter((name) => found[name] !== wanted[name]);
}

/** At most three names: a file that differs everywhere would list all of them. */
const listed = (fields: readonly string[]): string =>
  fields.length <= 3 ? fields.join(', ') : `${fields.slice(0, 3).join(', ')} and ${fields.length - 3} more`;

/** `, and differs in MTU, kind`; '' if only our marks and notes are missing. */
function differs<S, P, F extends string>({ words }: Resource<S, P, F>, fields: readonly F[]): string {
  const told = fields.map((name) => words?.[name] ?? name).filter((word) => word !== '');
  return told.length === 0 ? '' : `, and differs in ${listed(told)}`;
}

function conflict<S, P, F extends string>(
  resource: Resource<S, P, F>,
  desired: Desired<S>,
  fields: readonly F[],
): Foreign {
  const { source } = desired;
  const cure = resource.adoptable ? `take it over: ${ADOPT}; remove it` : 'remove it';
  return {
    kind: resource.kind,
    key: keyOf(resource, desired),
    message: `exists and is not ours${differs(resource, fields)}; ${cure} or change ${source.path} (${source.file}:${source.line})`,
    blocking: true,
  };
}

/** Deletes only owned objects; a foreign object that equals a desired one counts as present. */
export function diff<S, P, F extends string>(
  resource: Resource<S, P, F>,
  desired: readonly Desired<S>[],
  observed: readonly Observed<S>[],
  adopt: boolean,
): Difference<S, F> {
  const found = byKey(resource, observed);
  const changes: Change<S, F>[] = [];
  const foreign: Foreign[] = [];
  for (const want of desired) {
    const key = keyOf(resource, want);
    const have = found.get(key);
    found.delete(key);
    if (have === undefined) {
      changes.push({ type: 'create', desired: want });
      continue;
    }
    const fields = differingFields(resource, want.spec, have.spec);
    if (fields.length === 0) continue;
    if (have.owned || have.yields === true || want.borrowed === true || (adopt && resource.adoptable)) {
      changes.push({ type: 'update', desired: want, observed: have, fields });
    } else {
      foreign.push(conflict(resource, want, fields));
    }
  }
  for (const have of found.values()) if (have.owned) changes.push({ type: 'delete', observed: have });
  return { changes, foreign };
}
