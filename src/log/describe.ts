// Daemon events -> records of the log, pure. `journalctl -p warning` shows what an operator must read and nothing else.
import type { Diagnostic } from '../config/diagnostic.ts';
import { redact } from '../config/redact.ts';
import type { DaemonEvent, Drift } from '../daemon/types.ts';
import { count, formatMs } from '../net/units.ts';
import { commandsOf, describePass } from './describe-pass.ts';
import type { Level, LogRecord } from './record.ts';

type Of<T extends DaemonEvent['type']> = Extract<DaemonEvent, { type: T }>;

const record = (
  level: Level,
  event: string,
  message: string,
  fields: LogRecord['fields'] = {},
): readonly LogRecord[] => [{ level, event, message, fields }];

const MAX_ERRORS = 5;
const STAYS = 'the last good state stays in force';

function located(d: Diagnostic, index: number): LogRecord {
  const advice = d.hint.startsWith('run: ') ? d.hint : `write: ${d.hint}`;
  const text = redact(`${d.file}:${d.line}:${d.col}: ${d.message}; ${advice}`);
  return {
    level: 'err',
    event: 'state-bad',
    message: index === 0 ? `${text}; ${STAYS}` : text,
    fields: { code: d.code, path: d.path },
  };
}

/** The located errors, without the file's own text, which may contain anything. */
function bad({ diagnostics }: Of<'state-bad'>): readonly LogRecord[] {
  const errors = diagnostics.filter((d) => d.severity === 'error');
  const more = errors.length - MAX_ERRORS;
  return [
    ...errors.slice(0, MAX_ERRORS).map(located),
    ...(more > 0 ? record('err', 'state-bad', `and ${count(more, 'more error')}: run 'wgospf check'`) : []),
  ];
}

const deeds: Readonly<Record<Drift['undone'], string>> = {
  deleted: 'was deleted by somebody else, and is back',
  changed: 'was changed by somebody else, and is restored',
  added: 'was added by somebody else, and is removed',
};

const repaired = ({ drift, goneMs, operations }: Of<'repaired'>): readonly LogRecord[] =>
  record('notice', 'repaired', `${drift.ref} ${deeds[drift.undone]} after ${formatMs(goneMs)}`, {
    object: drift.ref,
    undone: drift.undone,
    gone_ms: Math.round(goneMs),
    op: commandsOf(operations),
  });

const fight = ({ ref, times, culprit, pauseMs }: Of<'fight'>): readonly LogRecord[] =>
  record(
    'warning',
    'fight',
    `${ref} was undone ${count(times, 'time')} in a short time by ${culprit ?? 'an unknown program'}; ` +
      `the next repair waits ${formatMs(pauseMs)}`,
    { object: ref, times, culprit, pause_ms: Math.round(pauseMs) },
  );

function condition({ condition: c, raised }: Of<'condition'>): readonly LogRecord[] {
  const level: Level = { info: 'info', warning: 'warning', error: 'err' }[c.severity] as Level;
  const fields = { code: c.code, subject: c.subject, severity: c.severity };
  return raised
    ? record(level, 'condition-raised', redact(`${c.subject}: ${c.message}`), fields)
    : record('info', 'condition-cleared', `${c.subject}: ${c.code} is over`, fields);
}

function bird({ state, version }: Of<'bird'>): readonly LogRecord[] {
  if (state === 'up')
    return record('info', 'bird', `BIRD ${version ?? ''} answers`.replace('  ', ' '), { state, version });
  const what = state === 'down' ? 'BIRD is down: no routes are learned' : 'BIRD runs, but does not answer';
  return record('warning', 'bird', what, { state });
}

const loaded = ({ source, generation }: Of<'state-loaded'>): readonly LogRecord[] =>
  source === 'file'
    ? record('info', 'state-loaded', 'the state file is in force', { generation })
    : record('warning', 'state-loaded', 'the last good state from before the restart is in force', { generation });

const withdrawn = ({ generation, back }: Of<'state-withdrawn'>): readonly LogRecord[] => {
  const now = back === undefined ? 'no state is in force, as before' : 'the earlier state is in force again';
  const message = `the state file opened a path between mesh and underlay, and was undone: ${now}`;
  return record('err', 'state-withdrawn', message, { generation, back });
};

const lifecycle = {
  ready: 'the daemon watches',
  reloading: 'reading the state file again on request',
  stopping: 'the daemon ends; the network stays as it is',
} as const;

const held = ({ until }: Of<'hold'>): readonly LogRecord[] => {
  const end = until === undefined ? undefined : new Date(until).toISOString();
  return record('notice', 'hold', `nothing is repaired until ${end ?? "'wgospf resume'"}`, { until: end });
};

const passFailed = ({ code, message, retryInMs }: Of<'pass-failed'>): readonly LogRecord[] => {
  const text = `${redact(message)}; the next try is in ${formatMs(retryInMs)}`;
  return record('err', 'pass-failed', text, { code, retry_ms: Math.round(retryInMs) });
};

const lived = ({ type }: Of<keyof typeof lifecycle>): readonly LogRecord[] => record('info', type, lifecycle[type]);

const words: { readonly [T in DaemonEvent['type']]: (event: Of<T>) => readonly LogRecord[] } = {
  pass: describePass,
  'pass-failed': passFailed,
  trouble: ({ doing, code, message }) => record('err', 'trouble', `${doing}: ${redact(message)}`, { code }),
  repaired,
  fight,
  overflow: () => record('info', 'overflow', 'events of the kernel were lost: everything is read again'),
  'state-loaded': loaded,
  'state-bad': bad,
  'state-awaited': ({ file }) =>
    record('notice', 'state-awaited', `${file} does not exist yet: the router is not changed until the file exists`),
  'state-mended': ({ generation }) =>
    record('notice', 'state-mended', 'the state file has no errors any more', { generation }),
  'state-withdrawn': withdrawn,
  hold: held,
  resume: () => record('notice', 'resume', 'repairs go on'),
  condition,
  endpoint: ({ tunnel, from, to }) =>
    record('info', 'endpoint', `${tunnel}: endpoint ${from || 'none'} -> ${to}`, { tunnel, from, to }),
  bird,
  ready: lived,
  reloading: lived,
  stopping: lived,
};

/** Any number of records, the most important one first. */
export const describe = (event: DaemonEvent): readonly LogRecord[] =>
  (words[event.type] as (event: DaemonEvent) => readonly LogRecord[])(event);
