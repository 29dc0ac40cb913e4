import { expect, test } from 'vitest';
import { firstLoopState, nextLoop } from '../../src/daemon/loop-machine.ts';
import type { LoopEffect, LoopEvent, LoopState } from '../../src/daemon/loop-machine.ts';
import type { Trigger } from '../../src/daemon/types.ts';
import { play } from './play.ts';
import { report } from './reports.ts';

const trigger = (reason: Trigger['reason'], ref?: `rule:${string}`): LoopEvent => ({
  type: 'trigger',
  trigger: { reason, at: 0, ...(ref === undefined ? {} : { drift: { ref, undone: 'deleted', at: 0 } }) },
});
const settled: LoopEvent = { type: 'due', timer: 'settle' };
const inSync: LoopEvent = { type: 'passed', report: report(), chance: 0 };
const left: LoopEvent = { type: 'passed', report: report({ inSync: false }), chance: 0 };
const failed: LoopEvent = { type: 'failed', code: 'ENOBUFS', message: 'no buffer', chance: 0 };
const hold: LoopEvent = { type: 'hold', ms: 60_000, until: 1 };
const resume: LoopEvent = { type: 'resume' };
const stop: LoopEvent = { type: 'stop' };
const tick: LoopEvent = { type: 'due', timer: 'tick' };
const retry: LoopEvent = { type: 'due', timer: 'retry' };

/** `timer retry 1000`, `pass file+drift`, `look drift`, `emit pass` */
function words(effect: LoopEffect): string {
  if (effect.type === 'timer') return `timer ${effect.timer} ${effect.ms ?? 'off'}`;
  if (effect.type === 'emit') return `emit ${effect.event.type}`;
  if (effect.type !== 'pass') return effect.type;
  return `${effect.repair ? 'pass' : 'look'} ${effect.triggers.map(({ reason }) => reason).join('+')}`;
}

const played = (events: readonly (LoopEvent | number)[]): { state: LoopState; last: string[] } => {
  let now = 0;
  const timed = events.flatMap((event): [number, LoopEvent][] => {
    if (typeof event !== 'number') return [[now, event]];
    now += event;
    return [];
  });
  const { state, effects } = play(firstLoopState(0, 10_000), nextLoop, timed);
  return { state, last: (effects.at(-1) ?? []).map(words) };
};

const running = [trigger('drift', 'rule:a'), settled] as const;

test.each<[string, readonly (LoopEvent | number)[], string[]]>([
  ['a first trigger waits for others', [trigger('file')], ['timer settle 5']],
  ['a second one is joined', [trigger('file'), trigger('drift', 'rule:a')], []],
  [
    'what was joined is one pass, and the same twice counts once',
    [trigger('file'), trigger('drift', 'rule:a'), trigger('drift', 'rule:b'), trigger('drift', 'rule:a'), settled],
    ['timer retry off', 'alive', 'pass file+drift+drift'],
  ],
  ['a trigger during a pass starts none', [...running, trigger('file')], []],
  [
    'what came during a pass is the next one',
    [...running, trigger('file'), inSync],
    ['emit pass', 'alive', 'timer settle 5'],
  ],
  ['after the last pass it is quiet', [...running, inSync], ['emit pass', 'alive', 'quiet']],
  ['a pass without a model is not told of', [...running, { ...inSync, report: undefined }], ['alive', 'quiet']],
  ['what is left is tried again', [...running, left], ['timer retry 1000', 'emit pass', 'alive', 'quiet']],
  [
    'a third failure in a row waits four times as long',
    [...running, failed, retry, settled, left, retry, settled, failed],
    ['timer retry 4000', 'emit pass-failed', 'alive', 'quiet'],
  ],
  [
    'news let the pauses begin anew',
    [...running, failed, retry, settled, left, trigger('file'), settled, left],
    ['timer retry 1000', 'emit pass', 'alive', 'quiet'],
  ],
  [
    'a pass in sync lets the pauses begin anew',
    [...running, failed, retry, settled, inSync, trigger('timer'), settled, failed],
    ['timer retry 1000', 'emit pass-failed', 'alive', 'quiet'],
  ],
  ['a trigger before the retry takes its place', [...running, left, trigger('drift')], ['timer settle 5']],
  ['held, a pass only looks', [hold, ...running], ['timer retry off', 'alive', 'look drift']],
  ['a hold has its timer, and is told', [hold], ['timer hold 60000', 'emit hold']],
  [
    'a second hold without an end takes the timer away',
    [hold, { type: 'hold', ms: undefined, until: undefined }],
    ['timer hold off', 'emit hold'],
  ],
  ['resumed, a pass is due', [hold, resume], ['timer hold off', 'emit resume', 'timer settle 5']],
  [
    'a hold that is over resumes',
    [hold, { type: 'due', timer: 'hold' }],
    ['timer hold off', 'emit resume', 'timer settle 5'],
  ],
  ['resumed twice, or never held, nothing happens', [hold, resume, resume], []],
  ['each ten minutes all is looked at', [{ type: 'due', timer: 'full' }], ['timer full 600000', 'timer settle 5']],
  ['idle it is alive', [120_000, tick], ['timer tick 10000', 'alive']],
  ['a pass without progress for a minute is stuck', [...running, 60_000, tick], ['timer tick 10000']],
  [
    'a long pass that gets on is alive',
    [...running, 50_000, { type: 'progress' }, 50_000, tick],
    ['timer tick 10000', 'alive'],
  ],
  ['stopped before its pass, it is quiet', [trigger('file'), stop], ['no-timers', 'quiet']],
  ['stopped during a pass, that one ends', [...running, stop], ['no-timers']],
  [
    'stopped, neither what is left nor what came is tried',
    [...running, trigger('file'), stop, left],
    ['emit pass', 'alive', 'quiet'],
  ],
  ['stopped, no trigger counts', [stop, trigger('file')], []],
])('%s', (_title, events, effects) => {
  expect(played(events).last).toEqual(effects);
});

test('the time of the next retry is known until its pass begins', () => {
  expect(played([...running, left]).state.retryAt).toBe(1_000);
  expect(played([...running, left, 1_000, retry]).state.retryAt).toBe(1_000);
  expect(played([...running, left, 1_000, retry, settled]).state.retryAt).toBeUndefined();
});
