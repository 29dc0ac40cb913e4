// `wgospf run`: the daemon, put together. It keeps the router as the state file says until it is told to end, and then leaves
// the network as it is.
import { isInSync, makePlan, reconcile } from '../engine/reconcile.ts';
import type { AnyResource, Report } from '../engine/types.ts';
import type { Clock } from '../host/clock.ts';
import { probeEnv } from '../host/probe.ts';
import type { SignalHandlers } from '../host/signals.ts';
import type { Host } from '../host/types.ts';
import type { WatchFiles } from '../host/watch.ts';
import type { RouterModel } from '../model/types.ts';
import { createBirdGuard } from './bird-guard.ts';
import { createBirdWatch } from './bird-watch.ts';
import { createBus } from './bus.ts';
import { createEndpoints } from './endpoints.ts';
import { createLastGood } from './last-good.ts';
import { createLoop, type PassOptions } from './loop.ts';
import { openNameCache, withNameCache } from './name-cache.ts';
import { conditionEvents, createStateKeeper } from './state-keeper.ts';
import { startStateSource, type StateSource } from './state-source.ts';
import type { Emit } from './types.ts';

export interface DaemonOptions {
  /** absolute path of the state file */
  readonly stateFile: string;
  readonly host: Host;
  readonly resources: readonly AnyResource[];
  readonly clock: Clock;
  readonly random: () => number;
  readonly watch: WatchFiles;
  readonly handleSignals: (handlers: SignalHandlers) => () => void;
  readonly pid: number;
  readonly version: string;
  /** hears of everything that happens */
  readonly log: Emit;
}

/** Ends when a signal says so. The lock of src/host/lock.ts is the caller's to hold. */
export async function runDaemon(options: DaemonOptions): Promise<void> {
  const { host, resources, clock, random, watch } = options;
  const bus = createBus();
  const { emit } = bus;
  bus.subscribe(options.log);
  const cache = await openNameCache(host.files);
  const guard = createBirdGuard(withNameCache(host, cache));

  const loop = createLoop({ clock, random, emit, pass, alive: () => undefined });
  const { trigger } = loop;
  const keeper = createStateKeeper({ ...options, now: () => clock.now(), retryAt: loop.retryAt });
  bus.subscribe(keeper.listen);
  const endpoints = createEndpoints({ host, cache, clock, random, emit, trigger });
  const birdWatch = createBirdWatch({ host, guard, clock, watch, emit, trigger });
  let source: StateSource | undefined = undefined;
  let ready = false;

  function beReady(): void {
    if (!ready) emit({ type: 'ready' });
    ready = true;
  }

  async function onModel(model: RouterModel, reason: 'start' | 'file'): Promise<void> {
    birdWatch.setModel(model);
    await endpoints.setModel(model);
    trigger({ reason, at: clock.now() });
  }

  async function pass({ triggers, repair, progress }: PassOptions): Promise<Report | undefined> {
    const model = source?.model();
    if (model === undefined) return undefined;
    if (triggers.some(({ reason }) => reason === 'timer')) source?.look();
    const before = keeper.state().conditions;
    const report = await (repair
      ? reconcile(guard.host, resources, model, { adopt: false, onResult: progress })
      : lookOnly(guard.host, resources, model));
    endpoints.passFinished(report);
    for (const event of conditionEvents(before, report.conditions)) emit(event);
    if (repair && isApplied(report)) await source?.applied();
    return report;
  }

  /** Ends when the pass of this reload has ended, or there is no model for one. */
  async function reload(): Promise<void> {
    emit({ type: 'reloading' });
    ready = false;
    await source?.reload();
    if (source?.model() === undefined) {
      beReady();
      return;
    }
    const passed = passEnd();
    trigger({ reason: 'reload', at: clock.now() });
    await passed;
  }

  /** The end of the next pass that a reload asked for. */
  function passEnd(): Promise<void> {
    return new Promise((resolve) => {
      const end = bus.subscribe((event) => {
        const ours = event.type === 'pass' && event.triggers.some(({ reason }) => reason === 'reload');
        if (!ours && event.type !== 'pass-failed' && event.type !== 'stopping') return;
        end();
        resolve();
      });
    });
  }

  bus.subscribe(({ type }) => {
    if (type === 'pass' || type === 'pass-failed') beReady();
  });
  source = await startStateSource({
    path: options.stateFile,
    ...{ host, clock, watch, emit },
    lastGood: createLastGood(host.files),
    probe: () => probeEnv(host),
    onModel: (model) => void onModel(model, 'file'),
  });
  const first = source.model();
  if (first === undefined) beReady();
  else await onModel(first, 'start');

  await new Promise<void>((end) => {
    options.handleSignals({
      onEnd: end,
      onReload: () => void reload(),
    });
  });
  emit({ type: 'stopping' });
  await loop.stop();
  await Promise.all([source.close(), endpoints.close(), birdWatch.close()]);
}

/** What a pass would do, told as the report of one that did nothing. */
async function lookOnly(host: Host, resources: readonly AnyResource[], model: RouterModel): Promise<Report> {
  const plan = await makePlan(host, resources, model, { adopt: false });
  const { generation, operations: remaining, waiting, foreign, conditions } = plan;
  return { generation, results: [], remaining, waiting, foreign, conditions, inSync: isInSync(plan) };
}

/** All of it was done, whatever else may be wrong: this file is good. */
const isApplied = ({ results, remaining }: Report): boolean =>
  remaining.length === 0 && results.every(({ outcome }) => outcome.status === 'done');
