// The reconciler's vocabulary. It knows no kind of object by name: resources/index.ts hands it the list.
import type { RouterModel, SourceRef } from '../model/types.ts';
import type { KernelEvent } from '../host/monitor-types.ts';
import type { HostReader } from '../host/reader.ts';
import type { Host } from '../host/types.ts';
import type { Stage } from './stages.ts';

/** One object that the state file asks for. */
export interface Desired<S> {
  readonly spec: S;
  readonly source: SourceRef;
  /** a foreign object of which we only set the compared fields (a local interface, a sysctl): never deleted */
  readonly borrowed?: boolean;
  /** the desired network namespace; absent outside. The engine sets it (in-namespaces.ts) */
  readonly netns?: string;
}

/** One object found on the host. */
export interface Observed<S> {
  readonly spec: S;
  /** carries our mark; only such objects are ever deleted */
  readonly owned: boolean;
  /** foreign, but nobody has edited it (a file as its package installed it): taken over without --adopt */
  readonly yields?: true;
  /** the network namespace where it was found; absent outside. The engine sets it */
  readonly netns?: string;
}

/** @param F names of the kind's fields; by default any text */
export type Change<S, F extends string = string> =
  | { readonly type: 'create'; readonly desired: Desired<S> }
  | {
      readonly type: 'update';
      readonly desired: Desired<S>;
      readonly observed: Observed<S>;
      readonly fields: readonly F[];
    }
  | {
      readonly type: 'delete';
      readonly observed: Observed<S>;
      /** the file still asks for it: it is deleted because it would apply to a foreign object of the same name (see `without`) */
      readonly withdrawn?: true;
    };

/** The effect of an operation on traffic, from least to most (docs/operations.md). */
export type Impact = 'none' | 're-handshake' | 'adjacency-reset' | 'traffic-gap';

/** `KIND:KEY`, names one object across kinds: `link:wg222`; inside a network namespace `address:wg222 10.70.89.0/31 in nycmesh`. */
export type ObjectRef = `${string}:${string}`;

/** A tag, true when every operation that provides it has succeeded, or when there is none: `done guard:wg222`, `done gone:wg222`. */
export type Tag = `done ${string}`;

/** One step on the host, as data. `P` is the payload that the kind's apply understands. */
export interface Operation<P = unknown> {
  readonly kind: string;
  /** the object's key within its kind; inside a namespace it ends with ` in NAME` (keyOf) */
  readonly key: string;
  /** the network namespace where it runs, with that one's writer; absent or '' outside. For kinds with `lives` the engine sets it */
  readonly netns?: string;
  readonly stage: Stage;
  readonly action: 'create' | 'update' | 'delete';
  /** objects that must exist or be made, and tags whose operations of this plan must have succeeded; `gone:*` means every such tag */
  readonly requires?: readonly (ObjectRef | Tag)[];
  /** the kernel removes what the object carries (addresses, routes), even if the object stays: a link that moves to another namespace */
  readonly empties?: true;
  /** the tags that this operation makes true when it is done */
  readonly provides?: readonly Tag[];
  /** the `ip`, `wg`, `sysctl` or `birdc` command that a person would type; no secrets */
  readonly command: string;
  readonly impact: Impact;
  /** where a copy of a hand-written file is kept that this operation overwrites */
  readonly keeps?: string;
  readonly payload: P;
  readonly source?: SourceRef;
}

/** A foreign object in the way of a desired one, or inside a range that we claim. */
export interface Foreign {
  readonly kind: string;
  readonly key: string;
  /** what it is and what to do about it */
  readonly message: string;
  /** true: the desired object cannot exist beside it; operations that need the desired object wait */
  readonly blocking: boolean;
}

/** A state of the router that the operator should know, with a stable code. */
export interface Condition {
  readonly code: string;
  readonly severity: 'info' | 'warning' | 'error';
  /** the object or file concerned */
  readonly subject: string;
  readonly message: string;
  /** a new model would do harm (lock the operator out): it is held back while this is present, and the model in force is repaired */
  readonly veto?: true;
}

/** An operation that waits for an object that wgospf does not make (a hotplug interface), or for a veto to end. */
export interface Waiting {
  readonly operation: Operation;
  /** the object, or the code of the condition */
  readonly missing: string;
}

export interface Plan {
  readonly generation: string;
  /** in the order of execution; while a condition vetoes, those that repair the model in force */
  readonly operations: readonly Operation[];
  readonly waiting: readonly Waiting[];
  readonly foreign: readonly Foreign[];
  readonly conditions: readonly Condition[];
  /** the code of the condition that holds this model back; absent if none does */
  readonly heldBy?: string;
}

export type Outcome =
  | { readonly status: 'done'; readonly ms: number }
  | { readonly status: 'failed'; readonly code: string; readonly message: string; readonly ms: number }
  /** not tried, because the object or tag `by` failed before */
  | { readonly status: 'blocked'; readonly by: string };

export interface Result {
  readonly operation: Operation;
  readonly outcome: Outcome;
}

export interface Report {
  readonly generation: string;
  readonly results: readonly Result[];
  /** the operations for differences that a second snapshot still shows */
  readonly remaining: readonly Operation[];
  readonly waiting: readonly Waiting[];
  readonly foreign: readonly Foreign[];
  readonly conditions: readonly Condition[];
  /** the code of the condition that held the model back: the done operations repaired the model in force */
  readonly heldBy?: string;
  readonly inSync: boolean;
}

/** The result of observing a kind. */
export interface Observation<S> {
  readonly objects: readonly Observed<S>[];
  readonly conditions?: readonly Condition[];
  /** foreign objects to report, although they block nothing */
  readonly foreign?: readonly Foreign[];
}

/**
 * All objects of the kind in scope, canonical; `model` is undefined when everything of ours is deleted (`down`). The model lacks
 * the parts that depend on the host: see completeOn.
 */
export type Observe<S> = (host: HostReader, model: RouterModel | undefined) => Promise<Observation<S>>;

/** Field values as texts, by name; a spec may lack some of them. */
export type Fields<F extends string> = Readonly<Partial<Record<F, string>>>;

/**
 * A kind of object. `S` is its spec, `P` its operations' payload, `F` the names of its fields. All but observe and apply are pure.
 * See CONTRIBUTING.md, "How to add a kind of object".
 */
export interface Resource<S, P, F extends string> {
  readonly kind: string;
  /**
   * Where its objects live; absent: in the agent's namespace, or in none. `mesh`: each namespace has its own, and ours are in the
   * mesh's. `both`: as `mesh`, and ours are outside as well. `moves`: an object is the same one wherever its link is. The
   * kind itself sees the host and the model of one namespace (in-namespaces.ts).
   */
  readonly lives?: 'mesh' | 'both' | 'moves';
  /** two specs have equal keys iff the kernel cannot hold both in one namespace */
  key(spec: S): string;
  /** the compared fields by name; equal texts mean equal fields */
  fields(spec: S): Fields<F>;
  /** the operator's words for fields with internal names, '' for fields that messages leave out */
  readonly words?: Fields<F>;
  desired(model: RouterModel): Desired<S>[];
  /**
   * For a kind that refers to links by name: the model without the names that foreign objects have now. Objects with such a
   * name are then no longer desired, and the plan deletes them.
   * @param blocked foreign objects in the place of ours
   */
  readonly without?: (model: RouterModel, blocked: ReadonlySet<ObjectRef>) => RouterModel;
  readonly observe: Observe<S>;
  /**
   * The object that an event of the kernel reports, as `observe` would show it (a deleted one: as it was); undefined if
   * the event is of another kind.
   */
  fromEvent?(event: KernelEvent, model: RouterModel): Observed<S> | undefined;
  /** whether an event about a foreign object may start or end a condition of this kind */
  stirs?(event: KernelEvent, model: RouterModel): boolean;
  /** no event reports its changes: the daemon reads it every few seconds */
  readonly polled?: true;
  /** @param all every change of the kind, including this one: one object may take what another releases (a port) */
  plan(change: Change<S, F>, all: readonly Change<S, F>[]): Operation<P>[];
  apply(payload: P, host: Host): Promise<void>;
  /** whether a foreign object that differs from the desired one may be taken over with --adopt */
  readonly adoptable: boolean;
  /** the adopted original is restored when ours is deleted */
  readonly givesBack?: true;
}

/** A resource of any kind; only the resource knows its types. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- existential type: the engine never looks inside S or P
export type AnyResource = Resource<any, any, string>;
