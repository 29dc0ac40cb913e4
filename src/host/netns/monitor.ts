// The kernel's events of a named network namespace: rtmon runs inside, and the part inside sends its stream.
import { HostError } from '../error.ts';
import type { Monitor, MonitorHandlers } from '../monitor-types.ts';
import { createMonitor } from '../rtnetlink/monitor.ts';
import type { Rtmon, RtmonHandlers } from '../rtnetlink/rtmon.ts';
import { version } from '../version.ts';
import type { Connection } from './connect.ts';
import { openInside } from './start-inside.ts';

/** Like the reader of rtmon: useless events must not wake the agent one by one. */
const NOISE_PAUSE_MS = 2;

/**
 * createMonitor for the inside of NAME. While there is no such namespace, `onDown` reports it, and the monitor tries again; when
 * the part inside ends, the monitor starts another one, and `onOverflow` reports that events may have been missed.
 */
export function createInsideMonitor(name: string, handlers: MonitorHandlers): Monitor {
  return createMonitor(handlers, {
    start: async (rtmon) => carriedRtmon(await openInside(name, version), rtmon),
  });
}

/** The Rtmon that runs at the other end of a connection. */
export function carriedRtmon(connection: Connection, handlers: RtmonHandlers): Rtmon {
  let reason = 'the agent part inside the network namespace ended';
  connection.onTold((told) => {
    if (told.kind === 'data') {
      if (!handlers.data(Buffer.from(told.data, 'base64'))) connection.pause(NOISE_PAUSE_MS);
    } else if (told.kind === 'lost') handlers.lost();
    else if (told.kind === 'ended') {
      reason = told.reason;
      connection.destroy();
    }
  });
  connection.onClose(() => handlers.ended(reason));
  if (!connection.send({ kind: 'monitor' }))
    throw new HostError({ operation: 'listen inside', code: 'ECONNRESET', detail: reason });
  return { stop: () => connection.destroy() };
}
