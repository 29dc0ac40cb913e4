// Runs a kind in each network namespace that it lives in, with that namespace's reader and the model as that side sees it, and says of
// what comes of it where it is. A kind knows none of this. The key of what is inside names the namespace (`lo in nycmesh`): that an object
// of the same name outside is another one is seen by that alone.
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

/** What moves from one to the other is the same object in both. */
const isNamed = ({ lives }: Pick<AnyResource, 'lives'>): boolean => lives === 'mesh' || lives === 'both';

const keyIn = (kind: Pick<AnyResource, 'lives'>, netns: string, key: string): string =>
  netns !== '' && isNamed(kind) ? `${key} in ${netns}` : key;

/** The key of an object, by which it is told from all others of its kind. */
export const keyOf = <S, P, F extends string>(
  kind: Kind<S, P, F>,
  { spec, netns = '' }: Pick<Observed<S>, 'spec' | 'netns'>,
): string => keyIn(kind, netns, kind.key(spec));

const sited = <T>(netns: string, objects: readonly T[]): T[] =>
  netns === '' ? [...objects] : objects.map((one) => ({ ...one, netns }));

/** What the model wants of a kind, wherever that is. */
export function desiredOf<S, P, F extends string>(kind: Kind<S, P, F>, model: RouterModel): Desired<S>[] {
  const inside = kind.lives === undefined ? undefined : insideModel(model);
  if (inside === undefined) return kind.desired(model);
  const view = kind.lives === 'moves' ? model : inside;
  return [...(kind.lives === 'both' ? kind.desired(model) : []), ...sited(placeOf(model), kind.desired(view))];
}

/** What there is of a kind, wherever that is. */
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

/** What is in a namespace of ours that the mesh leaves goes with it; but what can move is looked for, to be moved. */
const isLookedAt = ({ lives }: Pick<AnyResource, 'lives'>, { netns, made }: Namespace, wanted: string): boolean =>
  lives === 'moves' || netns === wanted || netns === '' || !made;

/** From outside the mesh of a namespace is seen whole: what of the host's own is in its way is told. */
function viewFrom(netns: string, model: RouterModel | undefined): RouterModel | undefined {
  if (model === undefined || netns === '') return model;
  return netns === placeOf(model) ? insideModel(model) : undefined;
}

/** Of two of one name the one where the mesh is, or else ours. */
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

/** The object that an event tells of. */
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

/** A change to operations: each says where it is done, and `perform` does it there. */
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

/** What moves is from this stage on where it shall be. */
const arrives = (stage: Stage): boolean => stages.indexOf(stage) >= stages.indexOf('link-move');

const placed = <P>(kind: Pick<AnyResource, 'lives'>, operation: Operation<P>, netns: string): Operation<P> => ({
  ...operation,
  netns,
  key: keyIn(kind, netns, operation.key),
  // what guards inside does so before a link comes up there; guards outside stand before there is an inside
  stage: operation.stage === 'guard-add' ? 'link-set' : operation.stage,
  requires: [...(operation.requires ?? []), netnsReady(netns)],
  provides: [...(operation.provides ?? []), insideDone(netns)],
  command: commandIn(netns, operation.command),
});

/** Does it, where it is done. What lives in no namespace has the notes of the host, wherever something of it is done. */
export async function perform(kind: AnyResource, { payload, netns = '' }: Operation, host: Host): Promise<void> {
  await kind.apply(payload, await (kind.lives === undefined ? hostAt : writerIn)(host, netns));
}
