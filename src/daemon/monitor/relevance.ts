// Decides whether an event of the kernel is about a desired object or one with our mark, and if so, whether it undoes the object.
// Pure; equality is the engine's.
import { differingFields } from '../../engine/diff.ts';
import { heardOf, keyOf, planChange } from '../../engine/in-namespaces.ts';
import { desiredOnce } from '../../engine/made.ts';
import { refOf } from '../../engine/settle.ts';
import type { AnyResource, Desired, ObjectRef } from '../../engine/types.ts';
import type { KernelEvent } from '../../host/monitor-types.ts';
import { insideModel } from '../../model/sides.ts';
import type { RouterModel } from '../../model/types.ts';
import { BIRD_PROTOCOL, MAIN_TABLE, WGOSPF_PROTOCOL } from '../../net/names.ts';
import type { Drift } from '../types.ts';
import type { Guard } from './guard-keeper.ts';

export interface Verdict {
  readonly ref: ObjectRef;
  /** undefined: the object is as desired */
  readonly undone: Drift['undone'] | undefined;
  /** the differing fields with their observed values; equal texts mean the same state */
  readonly detail: string;
  /** present if the object is a guard; `make` restores a deleted one */
  readonly guard?: { readonly make: Guard | undefined };
}

export interface Relevance {
  /** empty if the event concerns none of our objects */
  judge(event: KernelEvent): Verdict[];
  /** whether the object is desired: an object withdrawn because of a foreign link is not, as long as that link exists */
  wants(ref: ObjectRef): boolean;
  /** whether the event may start or end a condition, although it concerns none of our objects */
  stirs(event: KernelEvent): boolean;
  /** the cheap first filter, see MonitorHandlers */
  wantRoute(table: number, protocol: number, netns?: string): boolean;
}

interface Kind {
  readonly resource: AnyResource;
  readonly desired: ReadonlyMap<string, Desired<unknown>>;
}

/** Protocols of routes in main that the kernel and people make. Others are ignored: main may contain all routes of the internet. */
const BY_HAND: readonly number[] = [2, 3, 4, 9, 16]; // kernel, boot, static, ra, dhcp of linux/rtnetlink.h

const desiredBeside = (
  resource: AnyResource,
  model: RouterModel,
  blocked: ReadonlySet<ObjectRef>,
): readonly Desired<unknown>[] =>
  desiredOnce(resource, blocked.size === 0 ? model : (resource.without?.(model, blocked) ?? model));

/** @param blocked foreign objects in the place of ours, as the last pass found them */
export function createRelevance(
  resources: readonly AnyResource[],
  model: RouterModel,
  blocked: ReadonlySet<ObjectRef> = new Set(),
): Relevance {
  const kinds = resources
    .filter((resource) => 'fromEvent' in resource)
    .map((resource): Kind => {
      const desired = desiredBeside(resource, model, blocked);
      return { resource, desired: new Map(desired.map((object) => [keyOf(resource, object), object])) };
    });
  // includes kinds without events: the poll looks at them (poll.ts)
  const wanted = new Set(
    resources.flatMap((resource) =>
      desiredBeside(resource, model, blocked).map((one) => refOf({ kind: resource.kind, key: keyOf(resource, one) })),
    ),
  );
  const table = model.mesh.table.id;
  const inner = insideModel(model)?.mesh.table.id;
  return {
    stirs: (event) => resources.some((resource) => resource.stirs?.(event, model) === true),
    judge: (event) => kinds.flatMap((kind) => judge(kind, event, model) ?? []),
    wants: (ref) => wanted.has(ref),
    // a foreign route can be in the place of ours, but not one of BIRD's: those have their own metric
    wantRoute: (where, protocol, netns) =>
      protocol === WGOSPF_PROTOCOL ||
      (netns === undefined && where === MAIN_TABLE && BY_HAND.includes(protocol)) ||
      (where === (netns === undefined ? table : inner) && protocol !== BIRD_PROTOCOL),
  };
}

function judge({ resource, desired }: Kind, event: KernelEvent, model: RouterModel): Verdict | undefined {
  const seen = heardOf(resource, event, model);
  if (seen === undefined) return undefined;
  const key = keyOf(resource, seen);
  const want = desired.get(key);
  if (want === undefined && !seen.owned) return undefined;
  const verdict = (undone: Verdict['undone'], detail: string): Verdict => ({
    ref: refOf({ kind: resource.kind, key }),
    undone,
    detail,
  });
  if (event.action === 'deleted') {
    if (want === undefined) return verdict(undefined, '');
    const make = guardOf(resource, want);
    return { ...verdict('deleted', 'deleted'), ...(make === undefined ? {} : { guard: { make } }) };
  }
  if (want === undefined) return verdict('added', 'added');
  const fields = differingFields(resource, want.spec, seen.spec);
  if (fields.length === 0) return verdict(undefined, '');
  const found = resource.fields(seen.spec);
  const isGuard = guardOf(resource, want) !== undefined;
  return {
    ...verdict('changed', fields.map((name) => `${name}=${found[name] ?? ''}`).join(' ')),
    ...(isGuard ? { guard: { make: undefined } } : {}),
  };
}

/** How to make the object if it is a guard; undefined for others. Only guards have the stage `guard-add`. */
export function guardOf(resource: AnyResource, desired: Desired<unknown>): Guard | undefined {
  const [operation] = planChange(resource, { type: 'create', desired }, []);
  return operation?.stage === 'guard-add' ? { resource, operation } : undefined;
}
