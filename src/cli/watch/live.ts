// The live view: redrawn at each event and every second, until a key ends it.
import type { Screen, Terminal } from '../terminal.ts';
import { createFeed, type Source } from './feed.ts';
import { renderView } from './view.ts';

/** q, and Ctrl-C and Ctrl-D, which a raw terminal sends as they are. */
const ENDING = new Set(['q', 'Q', '\u0003', '\u0004']);

/** Ends when the operator ends it. Reports a daemon that ends, and finds the next one. */
export async function watchLive(source: Source, terminal: Terminal): Promise<void> {
  const stop = new AbortController();
  let screen: Screen | undefined;
  const draw = (): void => {
    if (!stop.signal.aborted) screen?.draw(renderView({ ...feed.view(), ...screen.size() }));
  };
  const feed = createFeed(source, draw);
  const ended = new Promise<void>((resolve, reject) => {
    const look = (): void => {
      Promise.all([feed.refresh(), feed.follow(stop.signal)]).catch(reject);
    };
    screen = terminal.open({
      onKey: (key) => {
        if (ENDING.has(key)) resolve();
      },
      onResize: draw,
      onTick: look,
    });
    look();
  });
  try {
    await ended;
  } finally {
    stop.abort();
    screen?.close();
  }
}
