// What the live view shows, and how it is brought up to date.
import { isNotRunning } from '../../daemon/client.ts';
import { isHostError } from '../../host/error.ts';
import { NOT_RUNNING } from '../ask-daemon.ts';
import type { Context } from '../context.ts';
import type { SeenLine, View } from './view.ts';

const KEPT = 200;

export type Source = Pick<Context, 'daemon' | 'host' | 'style'>;

export interface Feed {
  /** asks for the status, one question at a time; a call meanwhile asks once more */
  readonly refresh: () => Promise<void>;
  /** reads events until the daemon ends or `signal` aborts; nothing while it reads already */
  readonly follow: (signal: AbortSignal) => Promise<void>;
  readonly view: () => Pick<View, 'answer' | 'problem' | 'lines' | 'now' | 'style'>;
}

/** Runs one at a time; calls meanwhile cause one more run afterwards. */
function oneAtATime(run: () => Promise<void>): () => Promise<void> {
  let running = false;
  let again = false;
  return async () => {
    again = true;
    if (running) return;
    running = true;
    try {
      while (again) {
        again = false;
        await run();
      }
    } finally {
      running = false;
    }
  };
}

export function createFeed({ daemon, host, style }: Source, redraw: () => void): Feed {
  let answer: View['answer'];
  let problem: View['problem'];
  let lines: readonly SeenLine[] = [];
  let following = false;

  const refresh = oneAtATime(async () => {
    try {
      answer = await daemon.status();
      problem = undefined;
    } catch (error) {
      if (!isHostError(error)) throw error;
      problem = isNotRunning(error) ? NOT_RUNNING : error.message;
    }
    redraw();
  });

  async function read(signal: AbortSignal): Promise<void> {
    for await (const event of daemon.events(signal)) {
      const at = host().now();
      const shown = event.lines.filter(({ level }) => level !== 'debug');
      lines = [...lines, ...shown.map((line) => ({ ...line, at }))].slice(-KEPT);
      redraw();
      await refresh();
    }
  }

  async function follow(signal: AbortSignal): Promise<void> {
    if (following) return;
    following = true;
    try {
      await read(signal);
    } catch (error) {
      // the status tells of it
      if (!isHostError(error)) throw error;
    } finally {
      following = false;
    }
  }

  return { refresh, follow, view: () => ({ answer, problem, lines, now: host().now(), style }) };
}
