// Does a plan as the engine does, and shows the host after every operation and before every write. One operation may be
// disturbed: it fails without effect, or is done twice.
import { applyOperations } from '../../src/engine/apply.ts';
import type { Stage } from '../../src/engine/stages.ts';
import type { AnyResource } from '../../src/engine/types.ts';
import { resources } from '../../src/resources/index.ts';
import { hostError, type FakeState } from '../fakes/fake-state.ts';
import { wake, type WalkedPlan } from './plans.ts';

export interface Disturbance {
  /** its place in the plan */
  readonly at: number;
  readonly how: 'fails' | 'twice';
}

/**
 * The host at the end.
 * @param see is shown the host itself, which goes on changing
 */
export async function walk(
  plan: WalkedPlan,
  disturbance: Disturbance | undefined,
  see: (state: FakeState, stage: Stage) => void,
): Promise<FakeState> {
  const host = wake(plan);
  const byPayload = new Map(plan.operations.map((operation, at) => [operation.payload, { operation, at }]));
  let stage = plan.operations[0]?.stage ?? 'file-write';
  host.onCall(({ write }) => {
    if (write) see(host.state, stage);
  });
  const watched = resources.map((resource): AnyResource => ({
    ...resource,
    async apply(payload, on) {
      const found = byPayload.get(payload);
      stage = found?.operation.stage ?? stage;
      const how = found !== undefined && found.at === disturbance?.at ? disturbance.how : undefined;
      if (how === 'fails') throw hostError(found?.operation.command ?? '', 'EIO');
      await resource.apply(payload, on);
      if (how === 'twice') await resource.apply(payload, on);
      see(host.state, stage);
    },
  }));
  await applyOperations(host, watched, plan.operations);
  return host.state;
}
