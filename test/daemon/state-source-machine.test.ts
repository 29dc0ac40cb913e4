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
const applied: SourceEvent = { type: 'applied', complete: true };
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
  ['a changed key file is news', [...running, read(good(one, { keys: 'new' }))], ['watch one', 'model one file']],
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
    'each write delays the read',
    [
      [100, hint('written')],
      [200, hint('written')],
    ],
    ['timer 150'],
  ],
  ['a quiet file is read', [hint('written'), plain('due')], ['read']],
  ['a half-written file must look so twice before it is bad', [...running, read(bad('yaml', 'half'))], ['timer 500']],
  ['no newline at the end looks half written', [...running, read(good(two, { text: 'two' }))], ['timer 500']],
  ['a half-written file is read again', [...running, read(bad('yaml', 'half')), plain('due')], ['read again half']],
  [
    'a file that is still half written is bad',
    [...running, read(bad('yaml', 'half')), plain('due'), read(bad('yaml', 'half'), 'half')],
    ['emit state-bad'],
  ],
  [
    'a file that is half written in another way is waited for again',
    [...running, read(bad('yaml', 'half')), plain('due'), read(bad('yaml', 'hal'), 'half')],
    ['timer 500'],
  ],
  [
    'a file event in between restarts the wait',
    [...running, read(bad('yaml', 'half')), [9, hint('replaced')], plain('due')],
    ['read'],
  ],
  ['the same errors are reported once', [...running, asked(bad('yaml')), read(bad('yaml'), '')], []],
  ['other errors are reported', [...running, asked(bad('yaml')), read(bad('other'), '')], ['emit state-bad']],
  ['a request reports the errors again', [...running, asked(bad('yaml')), asked(bad('yaml'))], ['emit state-bad']],
  [
    'a corrected file with the earlier text is reported',
    [...running, asked(bad('yaml')), read(good(one))],
    ['emit state-mended one', 'watch one'],
  ],
  ['a missing file is waited for if no state was in force', [started(bad('file-missing'))], ['emit state-awaited']],
  ['a file that was waited for does not count as corrected', [started(bad('file-missing')), read(good(two))], takenTwo],
  ['a missing file is an error if a state is in force', [...running, asked(bad('file-missing'))], ['emit state-bad']],
  [
    'a bad file at the start leaves the last good one in force',
    [started(bad('yaml'), { before })],
    ['emit state-bad', 'watch one', 'emit state-loaded one', 'model one start'],
  ],
  [
    'a missing file at the start is an error if there is a last good state',
    [started(bad('file-missing'), { before })],
    ['emit state-bad', 'watch one', 'emit state-loaded one', 'model one start'],
  ],
  ['the last good text is not written again', [started(bad('yaml'), { before }), applied], []],
  ['a file that was applied is kept', running, ['keep one\n']],
  [
    'a withdrawn state is replaced by the one applied before',
    gone,
    ['watch two+one', 'emit state-withdrawn two', 'model one file'],
  ],
  [
    'a withdrawn first state leaves none',
    [started(good(two)), withdraw(two)],
    ['watch two', 'emit state-withdrawn two', 'model none file'],
  ],
  ['a state that is no longer in force is not withdrawn', [...running, read(good(two)), withdraw(one)], []],
  ['a withdrawn state is not tried again', [...gone, read(good(two))], []],
  ['a withdrawn state with another key file is tried again', [...gone, read(good(two, { keys: 'new' }))], takenTwo],
  ['unchanged foreign rules keep the state withdrawn', [...gone, policy('strict')], []],
  ['changed foreign rules bring the state back', [...gone, policy('')], ['emit state-loaded two', 'model two file']],
  ['after a reload the state may be tried again', [...gone, plain('reload'), asked(good(two))], takenTwo],
  ["the earlier file's pass clears the report", [...gone, read(good(one))], ['watch one', 'model one file']],
  [
    'a reload replaces a read that is due',
    [
      [0, hint('written')],
      [5, plain('reload')],
    ],
    ['timer off'],
  ],
  ['a host that cannot be asked is asked again', [...running, plain('failed')], ['timer 5000']],
  ['a BIRD without a known version is asked', [...running, pass], ['ask-bird']],
  ['once at a time', [...running, pass, pass], []],
  [
    'a BIRD without a known version is asked again by a later pass',
    [...running, pass, plain('bird-asked'), pass],
    ['ask-bird'],
  ],
  [
    'a late version of BIRD makes the same file news',
    [...running, plain('bird-told'), { type: 'read', by: 'bird', reading: good(one) }],
    ['watch one', 'model one file'],
  ],
  [
    'a late version of BIRD makes the file bad, and its correction is news',
    [...running, plain('bird-told'), { type: 'read', by: 'bird', reading: bad('yaml') }, read(good(one))],
    ['emit state-mended one', 'watch one', 'model one file'],
  ],
  ['a closed machine cancels the timer', [...running, hint('written'), plain('close')], ['timer off']],
  [
    'a read that ends after closing is ignored',
    [...running, hint('written'), plain('due'), plain('close'), read(good(two))],
    [],
  ],
  ['a failed read after closing is not repeated', [...running, plain('close'), plain('failed')], []],
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
  ['the last applied text', [started(good(one), { holds: true })], ['one', 'one', 'one']],
  ['a text other than the last applied one', [started(good(two), { before })], ['two', 'one', 'one']],
  ['a bad text with a last good one', [started(bad('yaml'), { before })], ['one', 'one', 'one']],
  ['a bad text without a last good one', [started(bad('yaml'))], [undefined, undefined, undefined]],
  ['a partly applied text', [...running, read(good(two)), { type: 'applied', complete: false }], ['two', 'one', 'two']],
  ['withdrawn', gone, ['one', 'one', 'one']],
])('the states in force, applied and vetoed: %s', (_title, events, generations) => {
  const { inForce, applied: complete, standing } = after(events);
  expect([inForce?.model.generation, complete?.model.generation, standing?.generation]).toEqual(generations);
});
