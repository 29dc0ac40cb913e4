// All that watches the host beside the state file, as one: the kernel's notifications, endpoints' names, BIRD.
import type { AnyResource, Plan, Report, Result } from '../engine/types.ts';
import type { Clock } from '../host/clock.ts';
import { keepSnapshot, type KeptSnapshot } from '../host/kept-snapshot.ts';
import type { Host } from '../host/types.ts';
import type { WatchFiles } from '../host/watch.ts';
import type { RouterModel } from '../model/types.ts';
import type { Beat } from './beat.ts';
import { createBirdGuard } from './bird-guard.ts';
import { createBirdWatch } from './bird-watch.ts';
import { createEndpoints } from './endpoints.ts';
import { createDriftWatch, type DriftWatch } from './monitor/drift-watch.ts';
import { openNameCache, withNameCache } from './name-cache.ts';
import type { Emit, Trigger } from './types.ts';

export interface WatchersOptions {
  readonly host: Host;
  readonly resources: readonly AnyResource[];
  readonly clock: Clock;
  readonly beat: Beat;
  /** from 0 to 1 */
  readonly random: () => number;
  readonly watch: WatchFiles;
  readonly emit: Emit;
  readonly trigger: (trigger: Trigger) => void;
  /** what is repaired while a veto holds the model in force back */
  readonly standing: () => RouterModel | undefined;
  readonly held: () => boolean;
}

export interface Watchers {
  /** the host for passes: names are answered from memory, and a BIRD that hangs is not waited for */
  readonly host: Host;
  /** of that host, with what is heard of it */
  readonly kept: KeptSnapshot;
  /** done when the model's pass may run; undefined: nothing is watched */
  readonly setModel: (model: RouterModel | undefined) => Promise<void>;
  readonly passStarted: () => void;
  readonly planned: (plan: Plan) => void;
  readonly result: (result: Result) => void;
  /** undefined where the pass failed as a whole */
  readonly passFinished: (report: Report | undefined) => void;
  readonly guards: DriftWatch['guards'];
  close(): Promise<void>;
}

export async function startWatchers(options: WatchersOptions): Promise<Watchers> {
  const cache = await openNameCache(options.host.files);
  const guard = createBirdGuard(withNameCache(options.host, cache));
  const kept = keepSnapshot(guard.host);
  const drift = createDriftWatch({ ...options, host: kept.host, kept });
  const endpoints = createEndpoints({ ...options, cache });
  const bird = createBirdWatch({ ...options, guard });
  return {
    host: kept.host,
    kept,
    guards: drift.guards,
    setModel(model) {
      drift.setModel(model);
      bird.setModel(model);
      return endpoints.setModel(model);
    },
    passStarted: () => drift.passStarted(),
    planned: (plan) => drift.planned(plan),
    result: (result) => drift.result(result),
    passFinished(report) {
      drift.passFinished(report);
      if (report !== undefined) endpoints.passFinished(report);
    },
    async close() {
      drift.close();
      await Promise.all([endpoints.close(), bird.close()]);
    },
  };
}
