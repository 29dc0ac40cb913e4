import { expect, test } from 'vitest';
import { firstSourceState, nextSource } from '../../src/daemon/state-source-machine.ts';
import type { InForce, Reading, SourceEffect, SourceEvent } from '../../src/daemon/state-source-machine.ts';
import type { RouterModel } from '../../src/model/types.ts';
import { play } from './play.ts';

const model = (generation: string): RouterModel => ({ generation }) as RouterModel;
const [one, two] = [model('one'), model('two')];

const good = (of: RouterModel, more: Partial<Reading> = {}): Reading => ({
  ...{ model: of, diagnostics: [], text: `${of.generation}\n`, keys: '' },
  ...more,
});
const bad = (code: string, text = ''): Reading => ({
  ...{ model: undefined, text, keys: '' },
  diagnostics: [{ code, severity: 'error' } as Reading['diagnostics'][number]],
});

const started = (reading: Reading, parts: { holds?: boolean; before?: InForce } = {}): SourceEvent => ({
  ...{ type: 'started', reading, holds: false, before: undefined },
  ...parts,
});
const read = (reading: Reading, doubted?: string): SourceEvent => ({ type: 'read', by: 'timer', reading, doubted });
const asked = (reading: Reading): SourceEvent => ({ type: 'read', by: 'reload', reading });
const hint = (kind: 'replaced' | 'written'): SourceEvent => ({ type: 'hint', hint: kind });
const applied: SourceEvent = { type: 'applied', whole: true };
const withdraw = (of: RouterModel): SourceEvent => ({ type: 'withdraw', model: of, policy: 'strict' });
const policy = (text: string): SourceEvent => ({ type: 'policy', policy: text });
const plain = (type: 'due' | 'failed' | 'reload' | 'bird-told' | 'bird-asked' | 'close'): SourceEvent => ({ type });
const pass: SourceEvent = { type: 'pass', lacksBird: true };

/** `timer 10`, `emit state-loaded two`, `watch two+one`, `model one file` */
function words(effect: SourceEffect): string {
  switch (effect.type) {
    case 'timer':
      return `timer ${effect.ms ?? 'off'}`;
    case 'read':
      return effect.doubted === undefined ? 'read' : `read again ${effect.doubted}`;
    case 'emit': {
      const generation = 'generation' in effect.event ? [effect.event.generation] : [];
      return ['emit', effect.event.type, ...generation].join(' ');
    }
    case 'watch':
      return `watch ${effect.models.map(({ generation }) => generation).join('+')}`;
    case 'model':
      return `model ${effect.model?.generation ?? 'none'} ${effect.reason}`;
    case 'keep':
      return `keep ${effect.text}`;
    case 'ask-bird':
      return effect.type;
  }
}

type Timed = SourceEvent | readonly [number, SourceEvent];

function last(events: readonly Timed[]): string[] {
  const timed = events.map((event) => ('type' in event ? ([0, event] as const) : event));
  return (play(firstSourceState('/etc/state.yaml'), nextSource, timed).effects.at(-1) ?? []).map(words);
}

const before: InForce = { model: one, text: undefined, keys: '' };
const running = [started(good(one)), applied] as const;
const gone = [...running, read(good(two)), withdraw(two)] as const;
const takenTwo = ['emit state-loaded two', 'watch two', 'model two file'];

test.each<[string, readonly Timed[], string[]]>([
  [
    'a good file at the start is in force',
    [started(good(one))],
    ['emit state-loaded one', 'watch one', 'model one start'],
  ],
  ['another text is in force', [...running, read(good(two))], takenTwo],
  ['the same text is no news', [...running, read(good(one))], ['watch one']],
  ['a key file that changed is news', [...running, read(good(one, { keys: 'new' }))], ['watch one', 'model one file']],
  ['a renamed file is read after ten milliseconds', [[100, hint('replaced')]], ['timer 10']],
  [
    'the longest quiet time counts',
    [
      [100, hint('written')],
      [101, hint('replaced')],
    ],
    ['timer 149'],
  ],
  [
    'each write puts the reading off',
    [
      [100, hint('written')],
      [200, hint('written')],
    ],
    ['timer 150'],
  ],
  ['when it is quiet it is read', [hint('written'), plain('due')], ['read']],
  ['a half-written file must look so twice', [...running, read(bad('yaml', 'half'))], ['timer 500']],
  ['no newline at the end looks half written', [...running, read(good(two, { text: 'two' }))], ['timer 500']],
  ['after that time it is read again', [...running, read(bad('yaml', 'half')), plain('due')], ['read again half']],
  [
    'half written still, it is bad',
    [...running, read(bad('yaml', 'half')), plain('due'), read(bad('yaml', 'half'), 'half')],
    ['emit state-bad'],
  ],
  [
    'half written in another way, it is waited for again',
    [...running, read(bad('yaml', 'half')), plain('due'), read(bad('yaml', 'hal'), 'half')],
    ['timer 500'],
  ],
  [
    'a hint in between begins anew',
    [...running, read(bad('yaml', 'half')), [9, hint('replaced')], plain('due')],
    ['read'],
  ],
  ['the same errors are told once', [...running, asked(bad('yaml')), read(bad('yaml'), '')], []],
  ['other errors are told', [...running, asked(bad('yaml')), read(bad('other'), '')], ['emit state-bad']],
  ['who asks reads the errors again', [...running, asked(bad('yaml')), asked(bad('yaml'))], ['emit state-bad']],
  [
    'mended, and as before: told',
    [...running, asked(bad('yaml')), read(good(one))],
    ['emit state-mended one', 'watch one'],
  ],
  ['a missing file is waited for where nothing was in force', [started(bad('file-missing'))], ['emit state-awaited']],
  ['a file that was waited for is no mended one', [started(bad('file-missing')), read(good(two))], takenTwo],
  ['a missing file is an error where one is in force', [...running, asked(bad('file-missing'))], ['emit state-bad']],
  [
    'a bad file at the start leaves the last good one in force',
    [started(bad('yaml'), { before })],
    ['emit state-bad', 'watch one', 'emit state-loaded one', 'model one start'],
  ],
  [
    'a missing file at the start is an error where there is a last good one',
    [started(bad('file-missing'), { before })],
    ['emit state-bad', 'watch one', 'emit state-loaded one', 'model one start'],
  ],
  ['the last good text is not kept anew', [started(bad('yaml'), { before }), applied], []],
  ['a file that was applied is kept', running, ['keep one\n']],
  [
    'a withdrawn state gives way to the one applied before',
    gone,
    ['watch two+one', 'emit state-withdrawn two', 'model one file'],
  ],
  [
    'the first state of all leaves none',
    [started(good(two)), withdraw(two)],
    ['watch two', 'emit state-withdrawn two', 'model none file'],
  ],
  ['a state that is not in force any more is not withdrawn', [...running, read(good(two)), withdraw(one)], []],
  ['what is withdrawn is not taken again', [...gone, read(good(two))], []],
  ['with another key file it is', [...gone, read(good(two, { keys: 'new' }))], takenTwo],
  ['others of the same mind change nothing', [...gone, policy('strict')], []],
  ['others who changed their mind bring it back', [...gone, policy('')], ['emit state-loaded two', 'model two file']],
  ['after a reload it may be taken again', [...gone, plain('reload'), asked(good(two))], takenTwo],
  [
    'back to the file of before, its pass tells that all is well',
    [...gone, read(good(one))],
    ['watch one', 'model one file'],
  ],
  [
    'a reload takes the place of a reading that is due',
    [
      [0, hint('written')],
      [5, plain('reload')],
    ],
    ['timer off'],
  ],
  ['a host that cannot be asked is asked again', [...running, plain('failed')], ['timer 5000']],
  ['a BIRD that did not tell who it is is asked', [...running, pass], ['ask-bird']],
  ['once at a time', [...running, pass, pass], []],
  ['and again by a later pass', [...running, pass, plain('bird-asked'), pass], ['ask-bird']],
  [
    'BIRD tells late, and the same file is news',
    [...running, plain('bird-told'), { type: 'read', by: 'bird', reading: good(one) }],
    ['watch one', 'model one file'],
  ],
  [
    'BIRD tells late, the file is bad then, and news once it is mended',
    [...running, plain('bird-told'), { type: 'read', by: 'bird', reading: bad('yaml') }, read(good(one))],
    ['emit state-mended one', 'watch one', 'model one file'],
  ],
  ['closed, the timer ends', [...running, hint('written'), plain('close')], ['timer off']],
  [
    'closed during a reading, it is not taken',
    [...running, hint('written'), plain('due'), plain('close'), read(good(two))],
    [],
  ],
  ['closed, a reading that failed is not tried again', [...running, plain('close'), plain('failed')], []],
])('%s', (_title, events, effects) => {
  expect(last(events)).toEqual(effects);
});

const after = (events: readonly SourceEvent[]): ReturnType<typeof firstSourceState> =>
  play(
    firstSourceState(''),
    nextSource,
    events.map((event) => [0, event]),
  ).state;

test.each<[string, readonly SourceEvent[], (string | undefined)[]]>([
  ['the text that was applied last', [started(good(one), { holds: true })], ['one', 'one', 'one']],
  ['another than was applied last', [started(good(two), { before })], ['two', 'one', 'one']],
  ['a bad one, with a last good one', [started(bad('yaml'), { before })], ['one', 'one', 'one']],
  ['a bad one, without', [started(bad('yaml'))], [undefined, undefined, undefined]],
  ['applied in part', [...running, read(good(two)), { type: 'applied', whole: false }], ['two', 'one', 'two']],
  ['withdrawn', gone, ['one', 'one', 'one']],
])('the states in force, applied and vetoed: %s', (_title, events, generations) => {
  const { inForce, applied: whole, standing } = after(events);
  expect([inForce?.model.generation, whole?.model.generation, standing?.generation]).toEqual(generations);
});
