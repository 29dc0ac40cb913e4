// Runs a plan stage by stage. Operations of one stage run at the same time (their netlink messages share a buffer); operations
// on one object run one after the other. A failed operation blocks only the operations that depend on it.
import type { Host } from '../host/types.ts';
import { isHostError } from '../host/error.ts';
import { perform } from './in-namespaces.ts';
import { refOf } from './settle.ts';
import { stages } from './stages.ts';
import type { AnyResource, ObjectRef, Operation, Outcome, Result, Tag } from './types.ts';

/** Objects and tags with a failed or blocked operation so far. */
type Failures = Set<ObjectRef | Tag>;

/** The object that blocks the operation, or the tag without `done `. */
function blockedBy({ requires = [] }: Operation, failures: Failures): string | undefined {
  for (const one of requires) {
    const stem = one.startsWith('done ') && one.endsWith('*') ? one.slice(0, -1) : undefined;
    const hit = failures.has(one) ? one : stem && [...failures].find((failed) => failed.startsWith(stem));
    if (hit !== undefined) return hit.replace(/^done /, '');
  }
  return undefined;
}

function failure(error: unknown, ms: number): Outcome {
  if (isHostError(error)) return { status: 'failed', code: error.code, message: error.message, ms };
  const message = error instanceof Error ? error.message : String(error);
  return { status: 'failed', code: 'INTERNAL', message, ms };
}

async function runOne(resource: AnyResource, operation: Operation, host: Host, failures: Failures): Promise<Result> {
  const by = blockedBy(operation, failures);
  let outcome: Outcome;
  if (by !== undefined) {
    outcome = { status: 'blocked', by };
  } else {
    const start = host.ticks();
    try {
      await perform(resource, operation, host);
      outcome = { status: 'done', ms: host.ticks() - start };
    } catch (error) {
      outcome = failure(error, host.ticks() - start);
    }
  }
  if (outcome.status !== 'done') {
    for (const one of [refOf(operation), ...(operation.provides ?? [])]) failures.add(one);
  }
  return { operation, outcome };
}

/** The operations of a stage by object, each list in plan order. */
function chains(operations: readonly Operation[]): Operation[][] {
  return [...Map.groupBy(operations, refOf).values()];
}

async function runStage(
  resources: ReadonlyMap<string, AnyResource>,
  operations: readonly Operation[],
  host: Host,
  failures: Failures,
): Promise<Map<Operation, Result>> {
  const results = new Map<Operation, Result>();
  const runChain = async (chain: readonly Operation[]): Promise<void> => {
    for (const operation of chain) {
      const resource = resources.get(operation.kind);
      if (resource === undefined) throw new Error(`no resource of kind ${operation.kind}`);
      results.set(operation, await runOne(resource, operation, host, failures));
    }
  };
  await Promise.all(chains(operations).map(runChain));
  return results;
}

/** Returns the results, and calls `onResult`, in the order of the plan. */
export async function applyOperations(
  host: Host,
  resources: readonly AnyResource[],
  operations: readonly Operation[],
  onResult?: (result: Result) => void,
): Promise<Result[]> {
  const byKind = new Map(resources.map((resource) => [resource.kind, resource]));
  const failures: Failures = new Set();
  const all: Result[] = [];
  for (const stage of stages) {
    const ofStage = operations.filter((operation) => operation.stage === stage);
    if (ofStage.length === 0) continue;
    const results = await runStage(byKind, ofStage, host, failures);
    for (const operation of ofStage) {
      const result = results.get(operation);
      if (result === undefined) continue;
      all.push(result);
      onResult?.(result);
    }
  }
  return all;
}
