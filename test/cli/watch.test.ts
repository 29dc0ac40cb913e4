// The live view: its picture at any size, what redraws it, and what ends it.
import { expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { makeStyle } from '../../src/cli/style.ts';
import type { ScreenEvents } from '../../src/cli/terminal.ts';
import { renderView, type View } from '../../src/cli/watch/view.ts';
import type { DaemonClient } from '../../src/daemon/client.ts';
import { type PublicEvent, publicEvent } from '../../src/log/public-event.ts';
import { formatClock } from '../../src/net/units.ts';
import { daemonState, STARTED, status } from '../daemon/daemon-samples.ts';
import { fakeContext, noDaemon } from './fake-context.ts';

const view: View = {
  answer: { ...status, daemon: daemonState() },
  problem: undefined,
  lines: [1, 2, 3].map((n) => ({ at: STARTED, level: 'notice', event: 'resume', message: `event ${n}\nof ours` })),
  now: STARTED,
  columns: 80,
  rows: 24,
  style: makeStyle(false),
};

const strip = (text: string): string => text.replaceAll(/\u001b\[[\d;]*m/g, '');

test('status is above, events are below', () => {
  const lines = renderView(view);
  expect(lines).toHaveLength(24);
  expect(lines[0]).toBe(`wgospf watch  ${formatClock(STARTED)}  q: quit`);
  expect(lines[2]).toBe('1/1 tunnels up, 1/1 adjacencies Full, 2 routes, in sync');
  expect(lines.filter((line) => line.includes('event'))).toEqual(
    [1, 2, 3].map((n) => `${formatClock(STARTED)} resume: event ${n} of ours`),
  );
});

test.each([
  [80, 24],
  [20, 6],
  [1, 1],
  [200, 100],
])('a screen of %d columns and %d rows is not exceeded', (columns, rows) => {
  const lines = renderView({ ...view, columns, rows, problem: 'the daemon does not run here', style: makeStyle(true) });
  expect(lines).toHaveLength(rows);
  expect(Math.max(...lines.map((line) => strip(line).length))).toBeLessThanOrEqual(columns);
});

test('a low screen keeps room for events and reports what is missing', () => {
  const lines = renderView({ ...view, rows: 14 });
  expect(lines.some((line) => /^\.\.\. \d+ more lines: wgospf status$/.test(line))).toBe(true);
  expect(lines.filter((line) => line.includes('event'))).toHaveLength(3);
});

interface Bench {
  readonly pictures: string[];
  readonly key: (key: string) => void;
  readonly tick: () => void;
  readonly say: (event: PublicEvent) => void;
  readonly ended: Promise<number>;
  readonly closed: () => boolean;
}

function watch(daemon: Partial<DaemonClient>): Bench {
  const pictures: string[] = [];
  let on: ScreenEvents | undefined;
  let closed = false;
  let hear: (event: PublicEvent) => void = () => undefined;
  async function* events(signal: AbortSignal): AsyncGenerator<PublicEvent> {
    const over = new Promise<undefined>((resolve) => signal.addEventListener('abort', () => resolve(undefined)));
    for (;;) {
      const event = await Promise.race([over, new Promise<PublicEvent>((resolve) => (hear = resolve))]);
      if (event === undefined) return;
      yield event;
    }
  }
  const ctx = fakeContext({
    daemon: { ...noDaemon, status: () => Promise.resolve({ ...status, daemon: daemonState() }), events, ...daemon },
    terminal: {
      open: (handlers) => {
        on = handlers;
        return {
          draw: (lines) => void pictures.push(lines.join('\n')),
          size: () => ({ columns: 80, rows: 30 }),
          close: () => (closed = true),
        };
      },
    },
  });
  const ended = run(['watch'], ctx);
  return {
    pictures,
    key: (key) => on?.onKey(key),
    tick: () => on?.onTick(),
    say: (event) => hear(event),
    ended,
    closed: () => closed,
  };
}

test.each(['q', '\u0003'])('the screen is drawn, redrawn at an event, and ended by %j', async (key) => {
  const { pictures, say, key: press, ended, closed } = watch({});
  await expect.poll(() => pictures.length).toBe(1);
  say(publicEvent({ type: 'resume' }));
  await expect.poll(() => pictures.at(-1)).toContain('resume: repairs go on');
  press('x');
  press(key);
  expect(await ended).toBe(0);
  expect(closed()).toBe(true);
});

test('a daemon that ended is reported, and the next daemon is shown', async () => {
  let alive = true;
  const answer = { ...status, daemon: daemonState() };
  const { pictures, tick, key, ended } = watch({
    status: () => (alive ? Promise.resolve(answer) : noDaemon.status()),
  });
  await expect.poll(() => pictures.length).toBe(1);
  alive = false;
  tick();
  await expect.poll(() => pictures.at(-1)).toContain('the daemon does not run here');
  alive = true;
  tick();
  await expect.poll(() => pictures.at(-1)).not.toContain('does not run');
  key('q');
  await ended;
});
