// The daemon on this process and this machine.
import { resolve } from 'node:path';
import { runDaemon } from '../daemon/run.ts';
import { systemClock } from '../host/clock.ts';
import { createSystemd } from '../host/notify-socket.ts';
import { handleForgotten, handleSignals } from '../host/signals.ts';
import { tidy } from '../host/tidy.ts';
import type { Host } from '../host/types.ts';
import { watchFiles } from '../host/watch.ts';
import { createLogger, type LogFormat } from '../log/logger.ts';
import { resources } from '../resources/index.ts';
import type { DaemonStart } from './context.ts';
import { version } from './version.ts';

export async function startDaemon(
  host: Host,
  { state, format, level }: DaemonStart & { readonly format: LogFormat },
  write: (line: string) => void,
): Promise<void> {
  await tidy(host);
  return runDaemon({
    stateFile: resolve(state),
    ...{ host, resources, version, handleSignals, onForgotten: handleForgotten },
    clock: systemClock,
    random: () => Math.random(),
    watch: watchFiles,
    pid: process.pid,
    systemd: createSystemd(process.env, process.pid),
    log: createLogger({ format, level, write }),
  });
}
