// What may not be done in a plan in which a guard could not be written. Derived only from the operations' relations: no host.
import { applyOperations } from '../../src/engine/apply.ts';
import type { AnyResource, Operation, Result } from '../../src/engine/types.ts';
import { resources } from '../../src/resources/index.ts';
import { MESH_GUARD } from '../../src/resources/tags.ts';
import { createFakeHost } from '../fakes/fake-host.ts';
import { hostError } from '../fakes/fake-state.ts';

export interface GuardWrite {
  /** its place in the plan */
  readonly at: number;
  /** `done guard:mesh`, `done guard:wg222` */
  readonly guard: string;
}

export const guardWrites = (operations: readonly Operation[]): GuardWrite[] =>
  operations.flatMap(({ action, provides = [] }, at) => {
    const guard = action === 'delete' ? undefined : provides.find((tag) => tag.startsWith('done guard:'));
    return guard === undefined ? [] : [{ at, guard }];
  });

/** Carries packets of the mesh once it is done: the interface that it is about, or '' for the whole host. */
function opens({ kind, stage, action, payload, key }: Operation): string | undefined {
  const {
    do: what,
    spec,
    change,
  } = payload as {
    do?: string;
    spec?: { dev?: string; value?: string };
    change?: { up?: boolean };
  };
  if (kind === 'address' && what === 'add') return spec?.dev;
  if (kind === 'link' && change?.up === true) return key;
  if (kind === 'master' && stage === 'link-enslave' && action !== 'delete') return key;
  if (kind === 'sysctl' && what === 'set' && /forward(ing)?( in \S+)?$/.test(key) && spec?.value === '1') return '';
  return undefined;
}

/** All operations succeed except one. */
async function failing(operations: readonly Operation[], at: number): Promise<Result[]> {
  const bad = operations[at]?.payload;
  const idle = resources.map((resource): AnyResource => ({
    ...resource,
    apply: (payload) => (payload === bad ? Promise.reject(hostError('write a guard', 'EIO')) : Promise.resolve()),
  }));
  const host = createFakeHost();
  // each namespace is there
  const everywhere = { ...host, netns: { ...host.netns, enter: () => Promise.resolve(host) } };
  return applyOperations(everywhere, idle, operations);
}

/** Of a guard of the whole mesh anything that opens, of an interface's what is about that or the whole host. */
const isHeldBy = (guard: string, of: string): boolean =>
  guard === MESH_GUARD || of === '' || guard === `done guard:${of}`;

/** What that guard has to hold back, and what of it was done all the same. */
export async function withoutGuard(
  operations: readonly Operation[],
  { at, guard }: GuardWrite,
): Promise<{ readonly held: number; readonly tooEarly: readonly string[] }> {
  const results = (await failing(operations, at)).filter(({ operation }) => {
    const of = opens(operation);
    return of !== undefined && isHeldBy(guard, of);
  });
  const done = results.filter(({ outcome }) => outcome.status === 'done');
  return { held: results.length, tooEarly: done.map(({ operation }) => operation.command) };
}
