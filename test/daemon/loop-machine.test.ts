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
  ['a second trigger is joined', [trigger('file'), trigger('drift', 'rule:a')], []],
  [
    'joined triggers are one pass, and equal ones count once',
    [trigger('file'), trigger('drift', 'rule:a'), trigger('drift', 'rule:b'), trigger('drift', 'rule:a'), settled],
    ['timer retry off', 'alive', 'pass file+drift+drift'],
  ],
  ['a trigger during a pass starts no second one', [...running, trigger('file')], []],
  [
    'triggers during a pass start the next one',
    [...running, trigger('file'), inSync],
    ['emit pass', 'alive', 'timer settle 5'],
  ],
  ['after the last pass the loop is quiet', [...running, inSync], ['emit pass', 'alive', 'quiet']],
  ['a pass without a model is not reported', [...running, { ...inSync, report: undefined }], ['alive', 'quiet']],
  ['a pass with something left is retried', [...running, left], ['timer retry 1000', 'emit pass', 'alive', 'quiet']],
  [
    'a third failure in a row waits four times as long',
    [...running, failed, retry, settled, left, retry, settled, failed],
    ['timer retry 4000', 'emit pass-failed', 'alive', 'quiet'],
  ],
  [
    'news restart the pauses',
    [...running, failed, retry, settled, left, trigger('file'), settled, left],
    ['timer retry 1000', 'emit pass', 'alive', 'quiet'],
  ],
  [
    'a pass in sync restarts the pauses',
    [...running, failed, retry, settled, inSync, trigger('timer'), settled, failed],
    ['timer retry 1000', 'emit pass-failed', 'alive', 'quiet'],
  ],
  ['a trigger before the retry replaces it', [...running, left, trigger('drift')], ['timer settle 5']],
  ['a held pass only looks', [hold, ...running], ['timer retry off', 'alive', 'look drift']],
  ['a hold sets its timer, and is reported', [hold], ['timer hold 60000', 'emit hold']],
  [
    'a second hold without an end cancels the timer',
    [hold, { type: 'hold', ms: undefined, until: undefined }],
    ['timer hold off', 'emit hold'],
  ],
  ['a resume starts a pass', [hold, resume], ['timer hold off', 'emit resume', 'timer settle 5']],
  [
    'the end of a hold resumes',
    [hold, { type: 'due', timer: 'hold' }],
    ['timer hold off', 'emit resume', 'timer settle 5'],
  ],
  ['a resume without a hold does nothing', [hold, resume, resume], []],
  ['a full pass runs every ten minutes', [{ type: 'due', timer: 'full' }], ['timer full 600000', 'timer settle 5']],
  ['an idle loop is alive', [120_000, tick], ['timer tick 10000', 'alive']],
  ['a pass without progress for a minute is stuck', [...running, 60_000, tick], ['timer tick 10000']],
  [
    'a long pass that advances is alive',
    [...running, 50_000, { type: 'progress' }, 50_000, tick],
    ['timer tick 10000', 'alive'],
  ],
  ['a loop that is stopped before its pass is quiet', [trigger('file'), stop], ['no-timers', 'quiet']],
  ['a loop that is stopped during a pass ends that pass', [...running, stop], ['no-timers']],
  [
    'a stopped loop neither retries nor starts the next pass',
    [...running, trigger('file'), stop, left],
    ['emit pass', 'alive', 'quiet'],
  ],
  ['a stopped loop ignores triggers', [stop, trigger('file')], []],
])('%s', (_title, events, effects) => {
  expect(played(events).last).toEqual(effects);
});

test('the time of the next retry is known until its pass begins', () => {
  expect(played([...running, left]).state.retryAt).toBe(1_000);
  expect(played([...running, left, 1_000, retry]).state.retryAt).toBe(1_000);
  expect(played([...running, left, 1_000, retry, settled]).state.retryAt).toBeUndefined();
});
