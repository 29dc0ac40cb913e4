// Decides which model is in force. Pure. It is that of the state file if the file is good, else the one before; at a start with a
// bad file, the last one that was applied.
//
//   event        where                                      effects
//   -----------  -----------------------------------------  ---------------------------------------------------------
//   hint                                                    the timer: 10 ms after a rename, 150 after a write, from the last
//   due          the timer is over                          the file is read; `read` or `failed` follows
//   failed                                                  the timer, 5 s
//   read, timer  it looks half written, for the first time  the timer, 500 ms, to read it a second time
//   read         bad                                        `state-bad`, once for the same errors, again on a reload
//   read         missing, and nothing was ever in force     `state-awaited`, likewise
//   read         good after bad                             `state-mended`
//   read         the withdrawn text with the same keys      nothing
//   read         another text                               `state-loaded`, the files watched, onModel
//   read         the same text with other keys, or read     the files watched, onModel
//                again because BIRD's version became known
//   started      bad, with a last good one                  that one: the files watched, `state-loaded`, onModel
//   reload                                                  no timer; a withdrawn text may come into force again
//   withdraw     it is in force                             the model applied before: watched, `state-withdrawn`, onModel
//   policy       of others, changed since the withdrawal    the withdrawn model: `state-loaded`, onModel
//   pass         BIRD's version is unknown                  BIRD is asked, once at a time
//   applied      from the file                              its text is kept for a restart
//   close                                                   no timer; only `applied` still has an effect
import type { LoadedModel } from '../config/load.ts';
import type { FileHint } from '../host/watch.ts';
import type { RouterModel } from '../model/types.ts';
import type { Step } from './machine.ts';
import type { DaemonEvent } from './types.ts';

/** Pause before the file is read. A file renamed or linked into place is complete; an editor writes without long pauses. */
const QUIET_MS: Readonly<Record<FileHint, number>> = { replaced: 10, written: 150 };
/** A file that looks half written (an error in it, no newline at its end, missing) is read twice, this far apart, before it counts. */
const DOUBTFUL_MS = 500;
/** Pause before a retry if the host could not be asked. */
const AGAIN_MS = 5_000;

/** The value of `badness` while nobody has written the file yet. */
const AWAITED = 'awaited';

/** The file as read. */
export interface Reading extends LoadedModel {
  /** keyPrint of the files that the model names; '' without a model */
  readonly keys: string;
}

export interface InForce {
  readonly model: RouterModel;
  /** undefined for the last good text of an earlier run */
  readonly text: string | undefined;
  readonly keys: string;
}

export interface SourceState {
  readonly path: string;
  readonly inForce: InForce | undefined;
  /** the last model that was applied fully */
  readonly applied: InForce | undefined;
  /** the last model that was applied on this host, fully or partly */
  readonly standing: RouterModel | undefined;
  readonly withdrawn: (InForce & { readonly policy: string }) | undefined;
  readonly started: boolean;
  readonly closed: boolean;
  readonly asksForBird: boolean;
  /** BIRD's version became known after the file was read */
  readonly renewed: boolean;
  /** at the start there was a last good file */
  readonly hadLastGood: boolean;
  /** the errors reported last; '' for none */
  readonly badness: string;
  /** when to read the file, by the clock's ticks */
  readonly quietAt: number;
  /** the text that looked half written, until it is read a second time */
  readonly doubted: string | undefined;
}

export type SourceEvent =
  | { readonly type: 'due' | 'failed' | 'reload' | 'bird-told' | 'bird-asked' | 'close' }
  | { readonly type: 'hint'; readonly hint: FileHint }
  /** `doubted`, by the timer: the text that looked half written at the first read */
  | { readonly type: 'read'; readonly by: 'reload' | 'bird'; readonly reading: Reading }
  | { readonly type: 'read'; readonly by: 'timer'; readonly reading: Reading; readonly doubted: string | undefined }
  /** `holds`: the file is the last applied one; else `before` is that one, if it is still valid */
  | {
      readonly type: 'started';
      readonly reading: Reading;
      readonly holds: boolean;
      readonly before: InForce | undefined;
    }
  | { readonly type: 'withdraw'; readonly model: RouterModel; readonly policy: string }
  | { readonly type: 'policy'; readonly policy: string }
  | { readonly type: 'pass'; readonly lacksBird: boolean }
  | { readonly type: 'applied'; readonly complete: boolean };

export type SourceEffect =
  | { readonly type: 'timer'; readonly ms: number | undefined }
  | { readonly type: 'read'; readonly doubted: string | undefined }
  | { readonly type: 'emit'; readonly event: DaemonEvent }
  /** watches the state file, and the files that these models name */
  | { readonly type: 'watch'; readonly models: readonly RouterModel[] }
  | { readonly type: 'model'; readonly model: RouterModel | undefined; readonly reason: 'start' | 'file' }
  | { readonly type: 'keep'; readonly text: string }
  | { readonly type: 'ask-bird' };

type SourceStep = Step<SourceState, SourceEffect>;

const emit = (event: DaemonEvent): SourceEffect => ({ type: 'emit', event });
const loaded = (model: RouterModel, source: 'file' | 'last-good'): SourceEffect =>
  emit({ type: 'state-loaded', generation: model.generation, source });

export const firstSourceState = (path: string): SourceState => ({
  ...{ path, inForce: undefined, applied: undefined, standing: undefined, withdrawn: undefined, badness: '' },
  ...{
    quietAt: 0,
    doubted: undefined,
    started: false,
    closed: false,
    asksForBird: false,
    renewed: false,
    hadLastGood: false,
  },
});

/** Whether the policy of others has changed since the model was withdrawn. */
export const isOutdated = ({ withdrawn }: SourceState, policy: string): boolean =>
  withdrawn !== undefined && withdrawn.policy !== policy;

export function nextSource(state: SourceState, event: SourceEvent, now: number): SourceStep {
  if (state.closed && event.type !== 'applied') return { state, effects: [] };
  switch (event.type) {
    case 'hint': {
      const quietAt = Math.max(state.quietAt, now + QUIET_MS[event.hint]);
      return { state: { ...state, quietAt, doubted: undefined }, effects: [{ type: 'timer', ms: quietAt - now }] };
    }
    case 'due':
      return { state, effects: [{ type: 'read', doubted: state.doubted }] };
    case 'failed':
      return { state: { ...state, doubted: undefined }, effects: [{ type: 'timer', ms: AGAIN_MS }] };
    case 'read':
      return event.by === 'timer' && looksHalf(event.reading, event.doubted)
        ? { state: { ...state, doubted: event.reading.text }, effects: [{ type: 'timer', ms: DOUBTFUL_MS }] }
        : accept(state, event.reading, event.by === 'reload');
    case 'started':
      return start(state, event);
    case 'reload': {
      const withdrawn = state.withdrawn && { ...state.withdrawn, text: undefined }; // so that it is tried again
      return { state: { ...state, withdrawn }, effects: [{ type: 'timer', ms: undefined }] };
    }
    case 'withdraw':
      return withdraw(state, event.model, event.policy);
    case 'policy':
      return isOutdated(state, event.policy) ? takeAgain(state) : { state, effects: [] };
    case 'pass': {
      const asks = event.lacksBird && !state.asksForBird;
      return { state: asks ? { ...state, asksForBird: true } : state, effects: asks ? [{ type: 'ask-bird' }] : [] };
    }
    case 'bird-told':
      return { state: { ...state, renewed: true }, effects: [] };
    case 'bird-asked':
      return { state: { ...state, asksForBird: false }, effects: [] };
    case 'applied':
      return applied(state, event.complete);
    case 'close':
      return { state: { ...state, closed: true }, effects: [{ type: 'timer', ms: undefined }] };
  }
}

/** A half-written file may be valid YAML, but it rarely ends with a newline. */
const looksHalf = ({ model, text }: Reading, doubted: string | undefined): boolean =>
  (model === undefined || !text.endsWith('\n')) && text !== doubted;

/** @param again for a reload: reports the same errors again */
function accept(state: SourceState, reading: Reading, again: boolean): SourceStep {
  const { model, text, keys } = reading;
  if (model === undefined) return refuse(state, reading, again);
  const { inForce, withdrawn, badness } = state;
  const isMended = badness !== '' && badness !== AWAITED;
  const mended = isMended ? [emit({ type: 'state-mended', generation: model.generation })] : [];
  if (withdrawn?.text === text && withdrawn.keys === keys) return { state: { ...state, badness: '' }, effects: mended };
  const isOther = inForce?.text !== text;
  const isNews = withdrawn !== undefined || isOther || inForce.keys !== keys || state.renewed;
  const reason = state.started ? 'file' : 'start';
  return {
    state: { ...state, badness: '', renewed: false, withdrawn: undefined, inForce: { model, text, keys } },
    effects: [
      ...mended,
      ...(isOther ? [loaded(model, 'file')] : []),
      { type: 'watch', models: [model] },
      ...(isNews ? [{ type: 'model', model, reason } as const] : []),
    ],
  };
}

function refuse(state: SourceState, { diagnostics: all, text }: Reading, again: boolean): SourceStep {
  const diagnostics = all.filter(({ severity }) => severity === 'error');
  const isAwaited = state.inForce === undefined && !state.hadLastGood && diagnostics[0]?.code === 'file-missing';
  const badness = isAwaited ? AWAITED : JSON.stringify(diagnostics);
  if (badness === state.badness && !again) return { state, effects: [] };
  const bad: DaemonEvent = { type: 'state-bad', diagnostics, text };
  return {
    state: { ...state, badness },
    effects: [emit(isAwaited ? { type: 'state-awaited', file: state.path } : bad)],
  };
}

function start(state: SourceState, { reading, holds, before }: Extract<SourceEvent, { type: 'started' }>): SourceStep {
  const standing = holds ? reading.model : before?.model;
  const step = accept({ ...state, applied: before, standing, hadLastGood: before !== undefined }, reading, false);
  const { inForce } = step.state;
  if (inForce !== undefined || before === undefined) {
    const now = { ...step.state, applied: holds ? inForce : before, started: true };
    return { state: now, effects: step.effects };
  }
  return {
    state: { ...step.state, inForce: before, started: true },
    effects: [
      ...step.effects,
      { type: 'watch', models: [before.model] },
      loaded(before.model, 'last-good'),
      { type: 'model', model: before.model, reason: 'start' },
    ],
  };
}

function withdraw(state: SourceState, model: RouterModel, policy: string): SourceStep {
  const { inForce, applied: before } = state;
  if (inForce?.model !== model) return { state, effects: [] };
  const back = before?.model;
  return {
    state: { ...state, withdrawn: { ...inForce, policy }, inForce: before, standing: back },
    effects: [
      { type: 'watch', models: back === undefined ? [model] : [model, back] },
      emit({ type: 'state-withdrawn', generation: model.generation, back: back?.generation }),
      { type: 'model', model: back, reason: 'file' },
    ],
  };
}

function takeAgain(state: SourceState): SourceStep {
  const { withdrawn } = state;
  if (withdrawn === undefined) return { state, effects: [] };
  const { model } = withdrawn;
  return {
    state: { ...state, inForce: withdrawn, withdrawn: undefined },
    effects: [loaded(model, 'file'), { type: 'model', model, reason: 'file' }],
  };
}

function applied(state: SourceState, complete: boolean): SourceStep {
  const { inForce } = state;
  return {
    state: { ...state, applied: complete ? inForce : state.applied, standing: inForce?.model },
    effects: inForce?.text === undefined ? [] : [{ type: 'keep', text: inForce.text }],
  };
}
