// Drives loop-machine.ts: runs passes when it says so. Knows nothing of what a pass does.
import type { Report } from '../engine/types.ts';
import type { Clock } from '../host/clock.ts';
import { isHostError } from '../host/error.ts';
import type { Beat } from './beat.ts';
import { firstLoopState, nextLoop, type LoopEffect, type LoopTimer } from './loop-machine.ts';
import { createNamedTimers, drive, type Performers } from './machine.ts';
import type { Emit, Loop, Trigger } from './types.ts';
import { messageOf } from './unattended.ts';

export interface PassOptions {
  readonly triggers: readonly Trigger[];
  /** false while repairs are on hold: look only */
  readonly repair: boolean;
  /** the pass made progress */
  readonly progress: () => void;
}

export interface LoopOptions {
  readonly clock: Clock;
  readonly beat?: Beat;
  /** from 0 to 1 */
  readonly random: () => number;
  readonly emit: Emit;
  /** undefined if there is no model; throws a HostError if the host cannot be read */
  readonly pass: (options: PassOptions) => Promise<Report | undefined>;
  /** called while the loop advances */
  readonly alive: () => void;
  /** milliseconds; undefined: there is no watchdog */
  readonly aliveEveryMs: number | undefined;
}

export type PassLoop = Omit<Loop, 'state'> & {
  /** the time of the next retry, by the clock's ticks */
  readonly retryAt: () => number | undefined;
  /** done when no pass runs or is due, or after the milliseconds */
  readonly quiet: (ms: number) => Promise<void>;
};

export function createLoop(options: LoopOptions): PassLoop {
  const { clock, beat = clock.after, random, emit, pass, alive, aliveEveryMs } = options;
  const onDue = (timer: LoopTimer): void => void send({ type: 'due', timer });
  const timers = createNamedTimers(clock, onDue);
  const rhythm = createNamedTimers({ after: beat }, onDue);
  const patient = createPatient(clock);
  let running: Promise<void> = Promise.resolve();

  async function run(options: Omit<PassOptions, 'progress'>): Promise<void> {
    try {
      const report = await pass({ ...options, progress: () => void send({ type: 'progress' }) });
      await send({ type: 'passed', report, chance: random() });
    } catch (error) {
      const code = isHostError(error) ? error.code : 'INTERNAL';
      await send({ type: 'failed', code, message: messageOf(error), chance: random() });
    }
  }

  const perform: Performers<LoopEffect> = {
    timer: ({ timer, ms }) => (isRhythm(timer) ? rhythm : timers).set(timer, ms),
    'no-timers': () => [timers, rhythm].forEach((all) => all.stop()),
    emit: ({ event }) => emit(event),
    pass: ({ triggers, repair }) => void (running = run({ triggers, repair })),
    alive,
    quiet: () => patient.release(),
  };
  const { state, send } = drive({ first: firstLoopState(clock.ticks(), aliveEveryMs), next: nextLoop, clock, perform });
  void send({ type: 'begin' });
  return {
    trigger: (trigger) => void send({ type: 'trigger', trigger }),
    hold: (ms) => void send({ type: 'hold', ms, until: ms === undefined ? undefined : clock.now() + ms }),
    resume: () => void send({ type: 'resume' }),
    quiet: (ms) => (state().phase === 'idle' ? Promise.resolve() : patient.wait(ms)),
    retryAt: () => state().retryAt,
    async stop() {
      await send({ type: 'stop' });
      await running;
    },
  };
}

const isRhythm = (timer: LoopTimer): boolean => timer === 'full' || timer === 'tick';

/** Callers that wait until all are released together, each for at most its milliseconds. */
function createPatient(clock: Clock): { wait(ms: number): Promise<void>; release(): void } {
  const waiting = new Set<() => void>();
  return {
    wait: (ms) =>
      new Promise((resolve) => {
        const go = (): void => {
          cancel();
          waiting.delete(go);
          resolve();
        };
        const cancel = clock.after(ms, go);
        waiting.add(go);
      }),
    release() {
      for (const go of waiting) go();
    },
  };
}
