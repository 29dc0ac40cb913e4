// Listens to the kernel's events while the process runs: links, addresses, routes, rules and announced settings of both
// families. If listening ends, for whatever reason, it starts again and reports that events may have been lost.
import type { Monitor, MonitorHandlers } from '../monitor-types.ts';
import { createEventDecoder, type EventDecoder } from './event.ts';
import { createMessageStream, type MessageStream } from './message-stream.ts';
import { startRtmon, type Rtmon, type RtmonHandlers } from './rtmon.ts';

/** rtmon misses events while it lists the links, which takes a few milliseconds. */
const LISTED_AFTER_MS = 50;
/** rtmon sends its list of links at once; if it sends nothing for this time, it hangs. */
const SILENT_MS = 10_000;
const RETRY_FIRST_MS = 500;
const RETRY_MAX_MS = 60_000;

export interface MonitorOptions {
  readonly start?: (handlers: RtmonHandlers) => Promise<Rtmon>;
}

interface Listening {
  readonly handlers: MonitorHandlers;
  readonly start: (handlers: RtmonHandlers) => Promise<Rtmon>;
  readonly isClosed: () => boolean;
  /** called when the first data arrives, which is the list of the links */
  readonly onHeard: () => void;
  readonly onEnded: (reason: string) => void;
}

/** One rtmon from its start to its end. */
function listenOnce({ handlers, start, isClosed, onHeard, onEnded }: Listening): Pick<Rtmon, 'stop'> {
  const source = createSource(handlers);
  let heard = false;
  let mine: Rtmon | undefined;
  /** rtmon's data could not be decoded, before `mine` was set */
  let broken = false;
  const silent = setTimeout(() => {
    if (!heard) mine?.stop();
  }, SILENT_MS);
  silent.unref();
  const ended = (reason: string): void => {
    clearTimeout(silent);
    onEnded(heard ? reason : `${reason}, and said nothing`);
  };
  const data = (chunk: Buffer): boolean => {
    if (isClosed()) return false;
    if (!heard) onHeard();
    heard = true;
    try {
      return source(chunk);
    } catch {
      mine?.stop();
      broken ||= mine === undefined;
      return false;
    }
  };
  const lost = (): void => (isClosed() ? undefined : handlers.onOverflow());
  start({ data, lost, ended }).then(
    (rtmon) => {
      mine = rtmon;
      if (isClosed() || broken) rtmon.stop();
    },
    (error: unknown) => ended(error instanceof Error ? error.message : String(error)),
  );
  return { stop: () => mine?.stop() };
}

/**
 * Needs no CAP_NET_ADMIN, but rtmon and setpriv in PATH (Debian: iproute2, util-linux). Listens in the network namespace of
 * the process. Never throws: `onDown` reports why no events are received.
 */
export function createMonitor(handlers: MonitorHandlers, { start = startRtmon }: MonitorOptions = {}): Monitor {
  let closed = false;
  let current: Pick<Rtmon, 'stop'> | undefined;
  let retry = RETRY_FIRST_MS;
  let timer: NodeJS.Timeout | undefined;

  const onHeard = (): void => {
    timer = setTimeout(() => {
      retry = RETRY_FIRST_MS;
      handlers.onOverflow();
    }, LISTED_AFTER_MS);
  };
  const onEnded = (reason: string): void => {
    current = undefined;
    clearTimeout(timer);
    if (closed) return;
    handlers.onDown?.(reason);
    timer = setTimeout(listen, retry);
    retry = Math.min(retry * 2, RETRY_MAX_MS);
  };
  const listen = (): void => {
    current = listenOnce({ handlers, start, isClosed: () => closed, onHeard, onEnded });
  };
  listen();
  return {
    close: () => {
      closed = true;
      clearTimeout(timer);
      current?.stop();
    },
  };
}

/** Passes on the events of each chunk in one call; false if there are none. Throws if the stream cannot be decoded. */
function createSource(handlers: MonitorHandlers): (chunk: Buffer) => boolean {
  const stream: MessageStream = createMessageStream();
  const decode: EventDecoder = createEventDecoder(handlers);
  return (chunk) => {
    const events = stream.push(chunk).flatMap(decode);
    if (events.length > 0) handlers.onEvents(events);
    return events.length > 0;
  };
}
