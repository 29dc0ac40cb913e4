// When passes run: one at a time, triggers that come close together joined, what failed tried again, and a look at everything
// every ten minutes. Knows nothing of what a pass does.
import type { Report } from '../engine/types.ts';
import type { Clock } from '../host/clock.ts';
import { isHostError } from '../host/error.ts';
import { retryDelay } from './retry.ts';
import type { Emit, Loop, Trigger } from './types.ts';

/** The kernel tells of one thing undone in several messages, and an `ip -batch` undoes several things. */
const SETTLE_MS = 5;
const FULL_PASS_MS = 10 * 60_000;
/** how often an idle loop says that it is alive, where the watchdog does not want it oftener */
const TICK_MS = 10_000;
/** a pass that makes no progress for so long hangs, and then the loop is not alive */
const STUCK_MS = 60_000;

export interface PassOptions {
  readonly triggers: readonly Trigger[];
  /** false while repairs are held: look only */
  readonly repair: boolean;
  /** the pass got somewhere */
  readonly progress: () => void;
}

export interface LoopOptions {
  readonly clock: Clock;
  /** from 0 to 1 */
  readonly random: () => number;
  readonly emit: Emit;
  /** undefined where there is no model to work to; throws a HostError where the host cannot be read */
  readonly pass: (options: PassOptions) => Promise<Report | undefined>;
  /** called while the loop advances */
  readonly alive: () => void;
  /** milliseconds; undefined: nobody watches */
  readonly aliveEveryMs: number | undefined;
}

export type PassLoop = Omit<Loop, 'state'> & {
  /** by the clock's ticks, when the next retry is */
  readonly retryAt: () => number | undefined;
  /** done when no pass runs or is due, or after the milliseconds */
  readonly quiet: (ms: number) => Promise<void>;
};

const joinKey = ({ reason, drift }: Trigger): string => `${reason} ${drift === undefined ? '' : drift.ref}`;

/** These say that something is new, so that a retry is likelier to succeed than after long failing. */
const isNews = ({ reason }: Trigger): boolean => reason === 'file' || reason === 'reload' || reason === 'resume';

export function createLoop({ clock, random, emit, pass, alive, aliveEveryMs }: LoopOptions): PassLoop {
  const waiting = new Map<string, Trigger>();
  let running: Promise<void> | undefined;
  let settling: (() => void) | undefined;
  let stopped = false;
  let held: { readonly cancel: () => void } | undefined;
  let tries = 0;
  let retry: { readonly at: number; readonly cancel: () => void } | undefined;
  /** who waits for no pass to run or be due */
  const patient = new Set<() => void>();
  let advancedAt = clock.ticks();

  const advance = (): void => {
    advancedAt = clock.ticks();
    alive();
  };

  function trigger(one: Trigger): void {
    const key = joinKey(one);
    if (stopped || waiting.has(key)) return;
    waiting.set(key, one);
    if (running === undefined) settle();
  }

  function settle(): void {
    settling ??= clock.after(SETTLE_MS, () => {
      settling = undefined;
      running = runPass().finally(() => {
        running = undefined;
        if (waiting.size > 0 && !stopped) settle();
        else for (const go of patient) go();
      });
    });
  }

  function quiet(ms: number): Promise<void> {
    if (running === undefined && settling === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      const go = (): void => {
        cancel();
        patient.delete(go);
        resolve();
      };
      const cancel = clock.after(ms, go);
      patient.add(go);
    });
  }

  async function runPass(): Promise<void> {
    const triggers = [...waiting.values()];
    waiting.clear();
    if (triggers.some(isNews)) tries = 0;
    retry?.cancel();
    retry = undefined;
    advance();
    const start = clock.ticks();
    try {
      const report = await pass({ triggers, repair: held === undefined, progress: advance });
      if (report !== undefined) {
        if (report.inSync) tries = 0;
        else retryLater();
        emit({ type: 'pass', report, triggers, ms: clock.ticks() - start });
      }
    } catch (error) {
      const retryInMs = retryLater();
      const code = isHostError(error) ? error.code : 'INTERNAL';
      const message = error instanceof Error ? error.message : String(error);
      emit({ type: 'pass-failed', code, message, triggers, retryInMs });
    }
    advance();
  }

  function retryLater(): number {
    const ms = retryDelay(tries++, random());
    const at = clock.ticks() + ms;
    retry = { at, cancel: clock.after(ms, () => trigger({ reason: 'retry', at })) };
    return ms;
  }

  function hold(ms: number | undefined): void {
    held?.cancel();
    held = { cancel: ms === undefined ? () => undefined : clock.after(ms, resume) };
    emit({ type: 'hold', until: ms === undefined ? undefined : clock.now() + ms, ms });
  }

  function resume(): void {
    if (held === undefined) return;
    held.cancel();
    held = undefined;
    emit({ type: 'resume' });
    trigger({ reason: 'resume', at: clock.ticks() });
  }

  const repeat = (ms: number, run: () => void): (() => void) => {
    let cancel = clock.after(ms, again);
    function again(): void {
      cancel = clock.after(ms, again);
      run();
    }
    return () => cancel();
  };
  const stopTimers = [
    repeat(FULL_PASS_MS, () => trigger({ reason: 'timer', at: clock.ticks() })),
    repeat(Math.min(TICK_MS, aliveEveryMs ?? TICK_MS), () => {
      if (running === undefined || clock.ticks() - advancedAt < STUCK_MS) alive();
    }),
  ];

  return {
    trigger,
    hold,
    resume,
    quiet,
    retryAt: () => retry?.at,
    async stop() {
      stopped = true;
      for (const cancel of [...stopTimers, settling, retry?.cancel, held?.cancel]) cancel?.();
      await running;
      for (const go of patient) go();
    },
  };
}
