// Decides when passes run. Pure. One pass runs at a time; triggers close together are joined; a failed pass is retried; a full
// look follows every ten minutes.
//
//   phase     event                        next      effects
//   --------  ---------------------------  --------  ---------------------------------------------------
//   idle      trigger                      settling  the settle timer
//   settling  trigger                      settling  joined: one per reason and object
//   settling  settle timer                 running   alive, the pass with all waiting triggers, no retry timer
//   running   trigger                      running   joined into the next pass
//   running   progress                     running   alive
//   running   passed, in sync              idle      `pass`; tries from 0; those that wait for quiet continue
//   running   passed with something left   idle      `pass`, the retry timer
//   running   failed                       idle      `pass-failed`, the retry timer
//   running   passed or failed, triggers   settling  the same, and the settle timer; nobody continues
//   any       retry, full timer            as by a trigger `retry`, `timer`
//   any       tick timer                   same      alive, unless a pass made no progress for a minute
//   any       hold                         same      `hold`, the hold timer; passes only look
//   held      resume, hold timer           as by a trigger `resume`, with `resume`
//   any       stop                         same      no timers; a running pass ends, and none follows
import type { Report } from '../engine/types.ts';
import type { Step } from './machine.ts';
import { retryDelay } from './retry.ts';
import type { DaemonEvent, Trigger } from './types.ts';

/** The kernel sends several messages about one undone object, and an `ip -batch` undoes several objects. */
const SETTLE_MS = 5;
const FULL_PASS_MS = 10 * 60_000;
/** a pass without progress for this long hangs, and then the loop is not alive */
const STUCK_MS = 60_000;

export type LoopTimer = 'settle' | 'retry' | 'hold' | 'full' | 'tick';

export interface LoopState {
  readonly phase: 'idle' | 'settling' | 'running';
  /** by reason and object */
  readonly waiting: ReadonlyMap<string, Trigger>;
  /** the triggers of the running pass, and its start by the clock's ticks */
  readonly running: { readonly triggers: readonly Trigger[]; readonly since: number };
  readonly held: boolean;
  readonly stopped: boolean;
  /** how many passes in a row left something undone */
  readonly tries: number;
  readonly retryAt: number | undefined;
  readonly advancedAt: number;
  /** milliseconds between `alive` effects; undefined: nobody needs them */
  readonly tickMs: number | undefined;
}

/** @param chance from 0 to 1 */
export type LoopEvent =
  | { readonly type: 'begin' | 'progress' | 'resume' | 'stop' }
  | { readonly type: 'trigger'; readonly trigger: Trigger }
  | { readonly type: 'due'; readonly timer: LoopTimer }
  | { readonly type: 'passed'; readonly report: Report | undefined; readonly chance: number }
  | { readonly type: 'failed'; readonly code: string; readonly message: string; readonly chance: number }
  | { readonly type: 'hold'; readonly ms: number | undefined; readonly until: number | undefined };

export type LoopEffect =
  | { readonly type: 'timer'; readonly timer: LoopTimer; readonly ms: number | undefined }
  | { readonly type: 'pass'; readonly triggers: readonly Trigger[]; readonly repair: boolean }
  | { readonly type: 'emit'; readonly event: DaemonEvent }
  /** `quiet`: no pass runs or is due */
  | { readonly type: 'alive' | 'quiet' | 'no-timers' };

type LoopStep = Step<LoopState, LoopEffect>;

const ALIVE: LoopEffect = { type: 'alive' };
const timer = (name: LoopTimer, ms: number | undefined): LoopEffect => ({ type: 'timer', timer: name, ms });

/** These triggers mean that something changed, so a retry is more likely to succeed, and the tries start from 0. */
const isNews = ({ reason }: Trigger): boolean => reason === 'file' || reason === 'reload' || reason === 'resume';

export const firstLoopState = (now: number, tickMs: number | undefined): LoopState => ({
  ...{ phase: 'idle', waiting: new Map(), running: { triggers: [], since: now }, held: false, stopped: false },
  ...{ tries: 0, retryAt: undefined, advancedAt: now, tickMs },
});

export function nextLoop(state: LoopState, event: LoopEvent, now: number): LoopStep {
  switch (event.type) {
    case 'begin':
      return { state, effects: [timer('full', FULL_PASS_MS), timer('tick', state.tickMs)] };
    case 'trigger':
      return add(state, event.trigger);
    case 'due':
      return due(state, event.timer, now);
    case 'progress':
      return { state: { ...state, advancedAt: now }, effects: [ALIVE] };
    case 'passed':
      return passed(state, event.report, event.chance, now);
    case 'failed': {
      const { code, message, chance } = event;
      const { ms, ...retry } = retryLater(state, chance, now);
      const { triggers } = state.running;
      const told: DaemonEvent = { type: 'pass-failed', code, message, triggers, retryInMs: ms };
      return over(retry.state, [...retry.effects, { type: 'emit', event: told }], now);
    }
    case 'hold': {
      const { type, ms, until } = event;
      return { state: { ...state, held: true }, effects: [timer('hold', ms), emit({ type, until, ms })] };
    }
    case 'resume':
      return resume(state, now);
    case 'stop':
      return {
        state: { ...state, stopped: true, phase: state.phase === 'running' ? 'running' : 'idle' },
        effects: [{ type: 'no-timers' }, ...(state.phase === 'running' ? [] : [{ type: 'quiet' } as const])],
      };
  }
}

const emit = (event: DaemonEvent): LoopEffect => ({ type: 'emit', event });

function add(state: LoopState, trigger: Trigger): LoopStep {
  const key = `${trigger.reason} ${trigger.drift === undefined ? '' : trigger.drift.ref}`;
  if (state.stopped || state.waiting.has(key)) return { state, effects: [] };
  return settle({ ...state, waiting: new Map([...state.waiting, [key, trigger]]) });
}

const settle = (state: LoopState): LoopStep =>
  state.phase === 'idle'
    ? { state: { ...state, phase: 'settling' }, effects: [timer('settle', SETTLE_MS)] }
    : { state, effects: [] };

function due(state: LoopState, name: LoopTimer, now: number): LoopStep {
  switch (name) {
    case 'settle':
      return run(state, now);
    case 'retry':
      return add(state, { reason: 'retry', at: state.retryAt ?? now });
    case 'hold':
      return resume(state, now);
    case 'full': {
      const step = add(state, { reason: 'timer', at: now });
      return { ...step, effects: [timer('full', FULL_PASS_MS), ...step.effects] };
    }
    case 'tick': {
      const isStuck = state.phase === 'running' && now - state.advancedAt >= STUCK_MS;
      return { state, effects: [timer('tick', state.tickMs), ...(isStuck ? [] : [ALIVE])] };
    }
  }
}

function run(state: LoopState, now: number): LoopStep {
  const triggers = [...state.waiting.values()];
  const tries = triggers.some(isNews) ? 0 : state.tries;
  const pass = { phase: 'running', running: { triggers, since: now }, waiting: new Map() } as const;
  return {
    state: { ...state, ...pass, tries, retryAt: undefined, advancedAt: now },
    effects: [timer('retry', undefined), ALIVE, { type: 'pass', triggers, repair: !state.held }],
  };
}

function passed(state: LoopState, report: Report | undefined, chance: number, now: number): LoopStep {
  if (report === undefined) return over(state, [], now); // there was no model
  const { triggers, since } = state.running;
  const left = report.inSync ? { state: { ...state, tries: 0 }, effects: [] } : retryLater(state, chance, now);
  return over(left.state, [...left.effects, emit({ type: 'pass', report, triggers, ms: now - since })], now);
}

function retryLater(state: LoopState, chance: number, now: number): LoopStep & { readonly ms: number } {
  const ms = retryDelay(state.tries, chance);
  const after = { ...state, tries: state.tries + 1, retryAt: state.stopped ? undefined : now + ms };
  return { state: after, effects: state.stopped ? [] : [timer('retry', ms)], ms };
}

/** The pass has ended: triggers that came meanwhile are next. */
function over(state: LoopState, effects: readonly LoopEffect[], now: number): LoopStep {
  const idle: LoopState = { ...state, phase: 'idle', advancedAt: now };
  if (state.waiting.size === 0 || state.stopped)
    return { state: idle, effects: [...effects, ALIVE, { type: 'quiet' }] };
  const following = settle(idle);
  return { state: following.state, effects: [...effects, ALIVE, ...following.effects] };
}

function resume(state: LoopState, now: number): LoopStep {
  if (!state.held) return { state, effects: [] };
  const step = add({ ...state, held: false }, { reason: 'resume', at: now });
  return { ...step, effects: [timer('hold', undefined), emit({ type: 'resume' }), ...step.effects] };
}
