// Connects the daemon's parts: those that start passes, those that a pass uses, and those that get its events.
import type { AnyResource, Plan } from '../engine/types.ts';
import type { Clock } from '../host/clock.ts';
import type { Systemd } from '../host/notify-socket.ts';
import { probeEnv } from '../host/probe.ts';
import { takeSnapshot } from '../host/snapshot.ts';
import type { Host } from '../host/types.ts';
import type { WatchFiles } from '../host/watch.ts';
import type { RouterModel } from '../model/types.ts';
import { readStatus } from '../status/read-status.ts';
import type { Status } from '../status/types.ts';
import { othersPolicy } from '../leak-check/others-policy.ts';
import { createBeat } from './beat.ts';
import { createBus, type Bus } from './bus.ts';
import { createLastGood } from './last-good.ts';
import { createLoop } from './loop.ts';
import { createCounters } from './metrics/counters.ts';
import { readMetrics } from './metrics/read-metrics.ts';
import { createNotifier } from './notify.ts';
import { createPass, type PassParts } from './pass.ts';
import { createReadiness, type Readiness } from './readiness.ts';
import { PATIENCE_MS, type SharedReadsOptions } from './shared-reads.ts';
import { noteStanding } from './standing.ts';
import { leftBy, planNow, withModel } from './plan-now.ts';
import { createStateKeeper } from './state-keeper.ts';
import { createStateSource, type StateSource } from './state-source.ts';
import { tellSystemd } from './tell-systemd.ts';
import type { DaemonState, Emit, Loop, Trigger } from './types.ts';
import { startWatchers, type Watchers, type WatchersOptions as StartOptions } from './watchers.ts';
import { yieldingHost } from './yielding-host.ts';

export interface DaemonOptions {
  /** absolute path of the state file */
  readonly stateFile: string;
  readonly host: Host;
  readonly resources: readonly AnyResource[];
  readonly clock: Clock;
  /** from 0 to 1 */
  readonly random: () => number;
  readonly watch: WatchFiles;
  readonly systemd: Systemd;
  readonly pid: number;
  readonly version: string;
  /** gets every event */
  readonly log: Emit;
}

export interface Daemon
  extends Pick<Loop, 'hold' | 'resume' | 'state' | 'stop'>, Pick<Bus, 'subscribe'>, SharedReadsOptions {
  readonly status: () => Promise<Status>;
  /** Prometheus' text, of the host as it is now */
  readonly metrics: () => Promise<string>;
  /** the plan of a pass that would start now; throws a HostError if there is no model or the host cannot be read */
  readonly plan: () => Promise<Plan>;
  /** reads the state file now; done when the pass that follows has ended */
  readonly reload: () => Promise<DaemonState>;
  /** reads the state file for the first time; this starts the passes */
  readonly start: () => Promise<void>;
}

export async function createDaemon(options: DaemonOptions): Promise<Daemon> {
  const { resources, clock, systemd, stateFile: path } = options;
  const bus = createBus();
  const { emit, subscribe } = bus;
  subscribe(options.log);
  const notifier = createNotifier({ systemd, emit });
  // these two depend on each other: watchers start passes, and a pass uses the watchers' host
  const trigger = (one: Trigger): void => loop.trigger(one);
  const standing = (): RouterModel | undefined => source.standing();
  const held = (): boolean => state().holdUntil !== undefined;
  const beat = createBeat(clock);
  const watchers = await startWatchers({ ...options, beat, emit, trigger, standing, held });
  const source = openSource(options, watchers, { emit, trigger });
  const { model } = source;
  const pass = makePass({ resources, emit }, watchers, source);
  const { aliveEveryMs } = notifier;
  const loop = createLoop({ ...options, beat, aliveEveryMs, emit, pass, alive: () => void notifier.alive() });
  const { state, listen } = createStateKeeper({ ...options, retryAt: loop.retryAt });
  const reader = yieldingHost(watchers.host, () => loop.quiet(PATIENCE_MS));
  const status = (): Promise<Status> => readStatus(takeSnapshot(reader), { model: model(), ...leftBy(state()) });
  const teller = tellSystemd({ notifier, listens: systemd.listens, clock, beat, state, status });
  const { counters, listen: count } = createCounters(clock);
  subscribe(listen);
  subscribe(count);
  subscribe(teller.listen);

  return {
    ...{ state, status, subscribe, hold: loop.hold, resume: loop.resume, clock, quiet: loop.quiet },
    ...beginnings({ source, readiness: createReadiness(bus), clock, trigger, state }),
    async metrics() {
      const daemon = { counters: counters(), state: state() };
      return readMetrics(reader, { version: options.version, status: await status(), model: model(), daemon });
    },
    plan: () => withModel(model(), path, (wanted) => planNow(reader, resources, wanted, { standing, state })),
    async stop() {
      emit({ type: 'stopping' });
      await loop.stop();
      await Promise.all([source.close(), watchers.close(), teller.close()]);
    },
  };
}

type Told = Pick<StartOptions, 'emit' | 'trigger'>;

function openSource(options: DaemonOptions, { host, setModel }: Watchers, { emit, trigger }: Told): StateSource {
  return createStateSource({
    ...{ ...options, path: options.stateFile, emit },
    lastGood: createLastGood(host.files),
    probe: () => probeEnv(host),
    othersPolicy: () => othersPolicy(host),
    onModel: async (model, reason) => {
      await setModel(model);
      trigger({ reason, at: options.clock.ticks() });
    },
  });
}

function makePass(
  parts: Pick<PassParts, 'resources' | 'emit'>,
  { host, kept, guards, planned, result, passStarted: started, passFinished: finished }: Watchers,
  { model, standing, earlier, look, withdraw, reconsider, applied }: StateSource,
): ReturnType<typeof createPass> {
  return createPass({
    ...{ ...parts, kept, guards, planned, result, started, finished },
    ...{ model, standing, earlier, look, withdraw, reconsider },
    async applied(complete) {
      await applied(complete);
      const stands = standing();
      if (stands !== undefined) await noteStanding(host, stands.generation);
    },
  });
}

interface Beginnings {
  readonly source: StateSource;
  readonly readiness: Readiness;
  readonly clock: Clock;
  readonly trigger: (trigger: Trigger) => void;
  readonly state: () => DaemonState;
}

/** Reads the state file at the start and on reload. Without a model no pass follows, so the daemon is ready at once. */
function beginnings({ source, readiness, clock, trigger, state }: Beginnings): Pick<Daemon, 'start' | 'reload'> {
  return {
    async start() {
      await source.start();
      if (source.model() === undefined) readiness.ready();
    },
    async reload() {
      const { passed } = readiness.reloading();
      await source.reload();
      if (source.model() === undefined) {
        readiness.ready();
        return state();
      }
      const end = passed();
      trigger({ reason: 'reload', at: clock.ticks() });
      await end;
      return state();
    },
  };
}
