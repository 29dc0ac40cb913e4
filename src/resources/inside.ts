// Kinds of objects that each network namespace has of its own: `outside(kind)` is the one of the host, `inside(kind)` its twin
// `inside.KIND` in the mesh's namespace, made of the same parts with the model's inside and the host's.
import type { Change, Desired, Observation, Observed, Operation, Resource } from '../engine/types.ts';
import type { Stage } from '../engine/stages.ts';
import type { KernelEvent } from '../host/monitor-types.ts';
import { commandIn, hostAt } from '../host/place.ts';
import type { HostReader } from '../host/reader.ts';
import { insideModel, placeOf } from '../model/sides.ts';
import type { RouterModel } from '../model/types.ts';
import { hostInside, insideDone, meshNamespaces, netnsReady, readerInside } from './places.ts';

/** With `isolation: netns` nothing of the kind is wanted outside. */
export function outside<S, P, F extends string>(kind: Resource<S, P, F>): Resource<S, P, F> {
  return {
    ...kind,
    desired: (model) => (placeOf(model) === '' ? kind.desired(model) : []),
    ...('fromEvent' in kind
      ? { fromEvent: (event, model) => (event.netns === undefined ? kind.fromEvent?.(event, model) : undefined) }
      : {}),
  };
}

/** A spec or payload in its namespace. */
export interface Placed<T> {
  readonly place: string;
  readonly of: T;
}

export function inside<S, P, F extends string>(kind: Resource<S, P, F>): Resource<Placed<S>, Placed<P>, F> {
  const name = `inside.${kind.kind}`;
  const planOne = (change: Change<Placed<S>, F>, all: readonly Change<Placed<S>, F>[]): Operation<Placed<P>>[] => {
    const place = placeOfChange(change);
    const own = all.filter((other) => placeOfChange(other) === place).map(without);
    return kind.plan(without(change), own).map((operation) => ({
      ...operation,
      kind: name,
      stage: stageInside(operation.stage),
      awaits: [...(operation.awaits ?? []), netnsReady(place)],
      provides: [...(operation.provides ?? []), insideDone(place)],
      command: commandIn(place, operation.command),
      payload: { place, of: operation.payload },
    }));
  };
  return {
    kind: name,
    key: ({ of }) => kind.key(of),
    fields: ({ of }) => kind.fields(of),
    ...(kind.words === undefined ? {} : { words: kind.words }),
    desired: (model) => desiredInside(kind, model),
    ...(kind.without === undefined ? {} : { without: kind.without }),
    observe: (host, model) => observeInside(kind, host, model),
    ...('fromEvent' in kind ? { fromEvent: (event, model) => heardInside(kind, event, model) } : {}),
    ...(kind.polled === true ? { polled: true } : {}),
    plan: planOne,
    apply: async ({ place, of }, host) => kind.apply(of, hostInside(place, await hostAt(host, place))),
    adoptable: kind.adoptable,
  };
}

/** What guards inside does so before a link comes up there; guards outside stand before there is an inside. */
const stageInside = (stage: Stage): Stage => (stage === 'guard-add' ? 'link-set' : stage);

function heardInside<S>(
  kind: Pick<Resource<S, never, never>, 'fromEvent'>,
  event: KernelEvent,
  model: RouterModel,
): Observed<Placed<S>> | undefined {
  const view = insideModel(model);
  if (view === undefined || event.netns !== placeOf(model)) return undefined;
  const seen = kind.fromEvent?.(event, view);
  return seen && { ...seen, spec: { place: event.netns, of: seen.spec } };
}

function desiredInside<S>(kind: Pick<Resource<S, never, never>, 'desired'>, model: RouterModel): Desired<Placed<S>>[] {
  const view = insideModel(model);
  if (view === undefined) return [];
  const place = placeOf(model);
  return kind.desired(view).map((desired) => ({ ...desired, spec: { place, of: desired.spec } }));
}

/** What is in a namespace of ours that the mesh leaves is not looked at: it goes with the namespace. */
async function observeInside<S>(
  kind: Pick<Resource<S, never, never>, 'observe'>,
  host: HostReader,
  model: RouterModel | undefined,
): Promise<Observation<Placed<S>>> {
  const wanted = model === undefined ? '' : placeOf(model);
  const places = (await meshNamespaces(host, model)).filter(({ name, made }) => name === wanted || !made);
  const found = await Promise.all(
    places.map(async (place) => {
      const view = place.name === wanted && model !== undefined ? insideModel(model) : undefined;
      const { objects, ...rest } = await kind.observe(readerInside(place.name, place.host), view);
      return { ...rest, objects: objects.map((one) => ({ ...one, spec: { place: place.name, of: one.spec } })) };
    }),
  );
  return {
    objects: found.flatMap(({ objects }) => objects),
    conditions: found.flatMap(({ conditions = [] }) => conditions),
    foreign: found.flatMap(({ foreign = [] }) => foreign),
  };
}

const placeOfChange = <S, F extends string>(change: Change<Placed<S>, F>): string =>
  (change.type === 'delete' ? change.observed : change.desired).spec.place;

function without<S, F extends string>(change: Change<Placed<S>, F>): Change<S, F> {
  switch (change.type) {
    case 'create':
      return { type: 'create', desired: { ...change.desired, spec: change.desired.spec.of } };
    case 'update':
      return {
        ...change,
        desired: { ...change.desired, spec: change.desired.spec.of },
        observed: { ...change.observed, spec: change.observed.spec.of },
      };
    case 'delete':
      return { type: 'delete', observed: { ...change.observed, spec: change.observed.spec.of } };
  }
}
