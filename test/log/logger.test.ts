// The journal's contents: its exact lines, the lines of each priority, and never a key.
import { expect, test } from 'vitest';
import { journalLine } from '../../src/log/journal-line.ts';
import { createLogger, type LoggerOptions } from '../../src/log/logger.ts';
import { publicEvent } from '../../src/log/public-event.ts';
import { publicJson } from '../../src/log/public-json.ts';
import type { DaemonEvent } from '../../src/daemon/types.ts';
import { events, failing, pass, SECRET } from './events.ts';

function logged(list: readonly DaemonEvent[], over: Partial<LoggerOptions> = {}): string[] {
  const lines: string[] = [];
  const log = createLogger({ format: 'journal', level: 'debug', write: (line) => lines.push(line), ...over });
  for (const event of list) log(event);
  return lines;
}

test('every event is one line of the journal', async () => {
  await expect(`${logged(events).join('\n')}\n`).toMatchFileSnapshot('golden/journal.txt');
});

test('warnings and errors are exactly the lines that an operator must read', () => {
  const kinds = logged(events, { level: 'warning' }).map((line) => line.split(':')[0]);
  expect(kinds).toEqual([
    '<4>operation-failed',
    '<4>operation-undone',
    '<4>foreign-object',
    '<3>pass-failed',
    '<4>fight',
    '<4>state-loaded',
    '<3>state-bad',
    '<3>state-bad',
    '<3>state-withdrawn',
    '<3>state-withdrawn',
    '<3>condition-raised',
    '<4>bird',
    '<4>bird',
  ]);
});

test('a pass in sync that changed nothing is debug', () => {
  expect(logged([pass()])[0]).toMatch(/^<7>pass: in sync: nothing to do /);
  expect(logged([pass()], { level: 'info' })).toEqual([]);
});

test('a persistent failure is a warning once, and again after it succeeded', () => {
  const lines = logged([pass(failing), pass(failing), pass(), pass(failing)], { level: 'warning' });
  expect(lines.filter((line) => line.includes('operation-failed'))).toHaveLength(2);
  expect(lines).toHaveLength(6);
});

test('--log json prints one object per line, with level, priority, event and time', () => {
  const [line, ...rest] = logged([pass(failing)], { format: 'json', level: 'info' });
  expect(rest).toHaveLength(3);
  expect(JSON.parse(line ?? '')).toMatchObject({
    level: 'info',
    priority: 6,
    event: 'pass',
    msg: 'not in sync: 1 operation done, 1 failed, 1 blocked in 41 ms',
    triggers: 'file,drift',
    ms: 41,
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
  });
});

test.each(['journal', 'plain', 'json'] as const)('%s contains no key', (format) => {
  expect(logged(events, { format }).join('\n')).not.toContain(SECRET);
});

test('an event for the control socket contains no key, and its errors have positions', () => {
  const text = events.map((event) => publicJson(publicEvent(event)));
  expect(text.filter((line) => line.includes('payload') || line.includes(SECRET))).toEqual([]);
  const bad = text.find((line) => line.includes('state-bad')) ?? '';
  expect(bad).toContain('/etc/wgospf/state.yaml:2:15: error[unknown-key]');
  expect(bad).toContain('   2 |   privateKey: ****');
});

test('a record is one line, whatever its texts contain', () => {
  const line = journalLine({
    level: 'info',
    event: 'pass',
    message: 'a\nb\r\u001b[31mc\u202e',
    fields: { plain: 'x/y:1', quoted: 'a "b"\nc', empty: '', none: undefined, list: [], n: 3 },
  });
  expect(line).toBe('<6>pass: a b [31mc  plain=x/y:1 quoted="a \\"b\\" c" empty="" n=3');
});

test('a payload that was not removed is still not printed', () => {
  expect(publicJson({ plan: { operations: events.slice(1, 3) }, at: undefined })).not.toContain(SECRET);
  expect(publicJson({ at: undefined })).toBe('{"at":null}');
});

test('a line for a terminal has no priority', () => {
  const [journal, plain] = (['journal', 'plain'] as const).map((format) => logged(events, { format }));
  expect(plain?.length).toBeGreaterThan(0);
  expect(plain).toEqual(journal?.map((line) => line.replace(/^<\d>/, '')));
});
