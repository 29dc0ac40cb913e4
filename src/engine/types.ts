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
  /** another's object of which we only set the compared fields (a local interface, a sysctl): taken as it is, never deleted */
  readonly borrowed?: boolean;
  /** the network namespace that it shall be in; absent outside. The engine says it (in-namespaces.ts) */
  readonly netns?: string;
}

/** One object found on the host. */
export interface Observed<S> {
  readonly spec: S;
  /** carries our mark; only such objects are ever deleted */
  readonly owned: boolean;
  /** another's, and nobody's work (a file as its package installed it): taken over without --adopt */
  readonly yields?: true;
  /** the network namespace that it was found in; absent outside. The engine says it */
  readonly netns?: string;
}

/** @param F names of the kind's fields; who says none cannot tell them apart */
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
      /** the file asks for it still: it goes because of another's object (see `without`), which it must not serve */
      readonly withdrawn?: true;
    };

/** What an operation does to traffic, from least to most (docs/operations.md). */
export type Impact = 'none' | 're-handshake' | 'adjacency-reset' | 'traffic-gap';

/** `KIND:KEY`, names one object across kinds: `link:wg222`; inside a network namespace `address:wg222 10.70.89.0/31 in nycmesh`. */
export type ObjectRef = `${string}:${string}`;

/** What is true once the operations that provide it are done, if there are any: `done guard:wg222`, `done gone:wg222`. */
export type Tag = `done ${string}`;

/** One step on the host, as data. `P` is the payload that the kind's apply understands. */
export interface Operation<P = unknown> {
  readonly kind: string;
  /** the object's key within its kind; of an object inside a namespace it ends in ` in NAME` (keyOf) */
  readonly key: string;
  /** the network namespace that it is done in, by that one's writer; absent or '' outside. Of a kind that lives in one the engine says it */
  readonly netns?: string;
  readonly stage: Stage;
  readonly action: 'create' | 'update' | 'delete';
  /** what must come before: an object must be there or be made, and what this plan does for a tag must have succeeded; `gone:*` means every one */
  readonly requires?: readonly (ObjectRef | Tag)[];
  /** what the object carries (addresses, routes) goes by itself, whether or not the object stays: a link that moves elsewhere */
  readonly empties?: true;
  /** beside its object what this operation, once done, makes true */
  readonly provides?: readonly Tag[];
  /** the `ip`, `wg`, `sysctl` or `birdc` command a person would type; no secrets */
  readonly command: string;
  readonly impact: Impact;
  /** it overwrites what somebody wrote by hand, and this is where that is kept */
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
  /** true: the desired object cannot be made beside it; operations that need it are blocked */
  readonly blocking: boolean;
}

/** A state of the router worth telling, with a stable code. */
export interface Condition {
  readonly code: string;
  readonly severity: 'info' | 'warning' | 'error';
  /** the object or file that it is about */
  readonly subject: string;
  readonly message: string;
  /** a new state would harm (lock the operator out): it is held back while this stands, and the one before repaired */
  readonly veto?: true;
}

/** An operation that waits for an object that nobody here makes (a hotplug interface) or for a veto to go. */
export interface Waiting {
  readonly operation: Operation;
  /** the object, or the code of the condition */
  readonly missing: string;
}

export interface Plan {
  readonly generation: string;
  /** in the order of execution; while a condition vetoes, those that repair the state from before */
  readonly operations: readonly Operation[];
  readonly waiting: readonly Waiting[];
  readonly foreign: readonly Foreign[];
  readonly conditions: readonly Condition[];
  /** the code of the condition that keeps this state from coming into force; absent where none does */
  readonly heldBy?: string;
}

export type Outcome =
  | { readonly status: 'done'; readonly ms: number }
  | { readonly status: 'failed'; readonly code: string; readonly message: string; readonly ms: number }
  /** not tried: the object or tag named failed before it */
  | { readonly status: 'blocked'; readonly by: string };

export interface Result {
  readonly operation: Operation;
  readonly outcome: Outcome;
}

export interface Report {
  readonly generation: string;
  readonly results: readonly Result[];
  /** what a fresh look at the host still finds different */
  readonly remaining: readonly Operation[];
  readonly waiting: readonly Waiting[];
  readonly foreign: readonly Foreign[];
  readonly conditions: readonly Condition[];
  /** the condition that kept the state from coming into force: what was done is the repair of the one before */
  readonly heldBy?: string;
  readonly inSync: boolean;
}

/** What observing a kind yields beside its objects. */
export interface Observation<S> {
  readonly objects: readonly Observed<S>[];
  readonly conditions?: readonly Condition[];
  /** foreign objects to report though they block nothing */
  readonly foreign?: readonly Foreign[];
}

/**
 * All objects of the kind in scope, canonical; `model` is undefined when all of ours shall go (`down`). What it takes from the host
 * is not in it: see completeOn.
 */
export type Observe<S> = (host: HostReader, model: RouterModel | undefined) => Promise<Observation<S>>;

/** Texts by the names of fields; a spec need not have all of them. */
export type Fields<F extends string> = Readonly<Partial<Record<F, string>>>;

/**
 * A kind of object. `S` is its spec, `P` its operations' payload, `F` the names of its fields. All but observe and apply are pure.
 * See CONTRIBUTING.md, "How to add a kind of object".
 */
export interface Resource<S, P, F extends string> {
  readonly kind: string;
  /**
   * Where its objects are; absent: in the namespace that the agent runs in, or in none. `mesh`: each namespace has its own, ours are
   * where the mesh is. `both`: the same, and outside there are ours as well. `moves`: it is one object, wherever its link is. The
   * kind itself sees the host, and the model, of one namespace (in-namespaces.ts).
   */
  readonly lives?: 'mesh' | 'both' | 'moves';
  /** two specs have equal keys iff the kernel cannot hold both in one namespace */
  key(spec: S): string;
  /** the compared fields by name; equal texts mean equal */
  fields(spec: S): Fields<F>;
  /** the operator's words for fields whose names are our own, '' for those that are nobody else's business */
  readonly words?: Fields<F>;
  desired(model: RouterModel): Desired<S>[];
  /**
   * For a kind that knows objects of another by their names: the model without those names that another's object bears now.
   * What is left out of it is no longer desired, and so what stands of it is taken away.
   * @param blocked foreign objects that stand in the way of ours
   */
  readonly without?: (model: RouterModel, blocked: ReadonlySet<ObjectRef>) => RouterModel;
  readonly observe: Observe<S>;
  /**
   * The object that an event of the kernel tells of, as `observe` would show it (a deleted one: as it was); undefined where
   * the event is of another kind.
   */
  fromEvent?(event: KernelEvent, model: RouterModel): Observed<S> | undefined;
  /** whether an event about another's object may raise or end a condition that this kind tells */
  stirs?(event: KernelEvent, model: RouterModel): boolean;
  /** nobody tells of its changes: the daemon looks at it every few seconds */
  readonly polled?: true;
  /** @param all every change of the kind, this one among them: what one object lets go another may take */
  plan(change: Change<S, F>, all: readonly Change<S, F>[]): Operation<P>[];
  apply(payload: P, host: Host): Promise<void>;
  /** whether a foreign object that differs from the desired one may be taken over with --adopt */
  readonly adoptable: boolean;
  /** what was taken over comes back when ours goes */
  readonly givesBack?: true;
}

/** A resource whose types only it knows. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- existential type: the engine never looks inside S or P
export type AnyResource = Resource<any, any, string>;
