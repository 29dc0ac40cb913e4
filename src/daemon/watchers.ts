// Combines all watchers of the host except the state file's: the kernel's notifications, endpoints' names, BIRD.
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
  /** the model that is repaired while a veto holds the new one back */
  readonly standing: () => RouterModel | undefined;
  readonly held: () => boolean;
}

export interface Watchers {
  /** the host for passes: it answers names from the cache, and does not wait for a BIRD that hangs */
  readonly host: Host;
  /** the snapshot of that host, which gets all its events */
  readonly kept: KeptSnapshot;
  /** done when the model's pass may run; model undefined: nothing is watched */
  readonly setModel: (model: RouterModel | undefined) => Promise<void>;
  readonly passStarted: () => void;
  readonly planned: (plan: Plan) => void;
  readonly result: (result: Result) => void;
  /** report undefined: the pass failed as a whole */
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
