// Runs a kind in each network namespace where its objects live, with that namespace's reader and its side of the model, and records
// the namespace in the results. The kind itself knows nothing of namespaces. The key of an object inside contains the namespace
// (`lo in nycmesh`): only this distinguishes it from an object of the same name outside.
import type { KernelEvent } from '../host/monitor-types.ts';
import { commandIn, hostAt } from '../host/place.ts';
import type { HostReader } from '../host/reader.ts';
import type { Host } from '../host/types.ts';
import { insideModel, placeOf } from '../model/sides.ts';
import type { RouterModel } from '../model/types.ts';
import { allNamespaces, insideDone, netnsReady, writerIn, type Namespace } from './namespaces.ts';
import { stages, type Stage } from './stages.ts';
import type { AnyResource, Change, Desired, Foreign, Observation, Observed, Operation, Resource } from './types.ts';

type Kind<S, P = unknown, F extends string = string> = Resource<S, P, F>;

/** False for kinds whose objects move: such an object is the same one in each namespace. */
const isNamed = ({ lives }: Pick<AnyResource, 'lives'>): boolean => lives === 'mesh' || lives === 'both';

const keyIn = (kind: Pick<AnyResource, 'lives'>, netns: string, key: string): string =>
  netns !== '' && isNamed(kind) ? `${key} in ${netns}` : key;

/** The key of an object, unique within its kind. */
export const keyOf = <S, P, F extends string>(
  kind: Kind<S, P, F>,
  { spec, netns = '' }: Pick<Observed<S>, 'spec' | 'netns'>,
): string => keyIn(kind, netns, kind.key(spec));

const sited = <T>(netns: string, objects: readonly T[]): T[] =>
  netns === '' ? [...objects] : objects.map((one) => ({ ...one, netns }));

/** The desired objects of a kind, in all namespaces. */
export function desiredOf<S, P, F extends string>(kind: Kind<S, P, F>, model: RouterModel): Desired<S>[] {
  const inside = kind.lives === undefined ? undefined : insideModel(model);
  if (inside === undefined) return kind.desired(model);
  const view = kind.lives === 'moves' ? model : inside;
  return [...(kind.lives === 'both' ? kind.desired(model) : []), ...sited(placeOf(model), kind.desired(view))];
}

/** The observed objects of a kind, in all namespaces. */
export async function observeKind<S, P, F extends string>(
  kind: Kind<S, P, F>,
  host: HostReader,
  model: RouterModel | undefined,
): Promise<Observation<S>> {
  if (kind.lives === undefined) return kind.observe(host, model);
  const wanted = model === undefined ? '' : placeOf(model);
  const found = await Promise.all(
    (await allNamespaces(host, model))
      .filter((one) => isLookedAt(kind, one, wanted))
      .map(async ({ netns, host: there }) => {
        const {
          objects,
          foreign = [],
          conditions = [],
        } = await kind.observe(there, kind.lives === 'moves' ? model : viewFrom(netns, model));
        const named = foreign.map((one): Foreign => ({ ...one, key: keyIn(kind, netns, one.key) }));
        return { objects: sited(netns, objects), foreign: named, conditions };
      }),
  );
  const objects = found.flatMap((one) => one.objects);
  return {
    objects: isNamed(kind) ? objects : withoutTwins(kind, objects, wanted),
    foreign: found.flatMap(({ foreign }) => foreign),
    conditions: found.flatMap(({ conditions }) => conditions),
  };
}

/** A namespace that we made and that the mesh leaves is deleted with its objects. So only objects that move are looked for in it. */
const isLookedAt = ({ lives }: Pick<AnyResource, 'lives'>, { netns, made }: Namespace, wanted: string): boolean =>
  lives === 'moves' || netns === wanted || netns === '' || !made;

/** Outside, the kind gets the full model, also if the mesh is in a namespace: so it reports the host's objects that are in the way. */
function viewFrom(netns: string, model: RouterModel | undefined): RouterModel | undefined {
  if (model === undefined || netns === '') return model;
  return netns === placeOf(model) ? insideModel(model) : undefined;
}

/** Of objects with the same name, keeps the one in the mesh's namespace, else an owned one. */
function withoutTwins<S, P, F extends string>(
  kind: Kind<S, P, F>,
  objects: readonly Observed<S>[],
  wanted: string,
): Observed<S>[] {
  const rank = ({ netns = '', owned }: Observed<S>): number => (netns === wanted ? 2 : owned ? 1 : 0);
  return [...Map.groupBy(objects, ({ spec }) => kind.key(spec)).values()].flatMap((twins) =>
    twins.reduce((best, one) => (rank(one) > rank(best) ? one : best)),
  );
}

/** The object that an event reports. */
export function heardOf<S, P, F extends string>(
  kind: Kind<S, P, F>,
  event: KernelEvent,
  model: RouterModel,
): Observed<S> | undefined {
  const { netns } = event;
  if (netns === undefined || !isNamed(kind)) return kind.fromEvent?.(event, model);
  const view = viewFrom(netns, model);
  const seen = view && kind.fromEvent?.(event, view);
  return seen && { ...seen, netns };
}

/** Turns a change into operations. Each names its namespace, and `perform` runs it there. */
export function planChange<S, P, F extends string>(
  kind: Kind<S, P, F>,
  change: Change<S, F>,
  all: readonly Change<S, F>[],
): Operation<P>[] {
  const here = changedIn(change);
  const beside = isNamed(kind) ? all.filter((other) => changedIn(other) === here) : all;
  return kind.plan(change, beside).map((operation) => {
    const { netns = arrives(operation.stage) ? here : foundIn(change) } = operation;
    return netns === '' ? operation : placed(kind, operation, netns);
  });
}

const foundIn = <S, F extends string>(change: Change<S, F>): string =>
  (change.type === 'create' ? change.desired : change.observed).netns ?? '';

const changedIn = <S, F extends string>(change: Change<S, F>): string =>
  (change.type === 'delete' ? change.observed : change.desired).netns ?? '';

/** From this stage on, an object that moves is in its desired namespace. */
const arrives = (stage: Stage): boolean => stages.indexOf(stage) >= stages.indexOf('link-move');

const placed = <P>(kind: Pick<AnyResource, 'lives'>, operation: Operation<P>, netns: string): Operation<P> => ({
  ...operation,
  netns,
  key: keyIn(kind, netns, operation.key),
  // guards inside are in place before a link comes up there; guards outside, before the namespace exists
  stage: operation.stage === 'guard-add' ? 'link-set' : operation.stage,
  requires: [...(operation.requires ?? []), netnsReady(netns)],
  provides: [...(operation.provides ?? []), insideDone(netns)],
  command: commandIn(netns, operation.command),
});

/** Runs the operation in its namespace. A kind without `lives` uses the host's notes, in whichever namespace its operation runs. */
export async function perform(kind: AnyResource, { payload, netns = '' }: Operation, host: Host): Promise<void> {
  await kind.apply(payload, await (kind.lives === undefined ? hostAt : writerIn)(host, netns));
}
