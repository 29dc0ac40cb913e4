// systemd's side of a service in the lab: starts `wgospf run` as the unit does, and reads the messages on NOTIFY_SOCKET.
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.ts';
import type { Router } from './router.ts';
import type { Running } from './running.ts';

const listener = fileURLToPath(new URL('notify-socket.pl', import.meta.url));
const SOCKET = '/run/notify-test';

export interface Service {
  readonly daemon: Running;
  /** messages so far, each with its assignments joined by ` | ` */
  readonly heard: () => string[];
  /** waits for a message from index `from` on, and returns it */
  readonly hear: (pattern: RegExp, from?: number) => Promise<string>;
  /** ends both; returns the daemon's log */
  readonly stop: (signal?: NodeJS.Signals) => Promise<string>;
}

/** @param watchdogSeconds as WatchdogSec= */
export async function startService(router: Router, watchdogSeconds: number): Promise<Service> {
  const { program } = await router.built();
  const socket = router.start('perl', [listener, SOCKET]);
  await eventually(() => router.sh(`test -S ${SOCKET}`));
  const env = [`NOTIFY_SOCKET=${SOCKET}`, `WATCHDOG_USEC=${watchdogSeconds * 1e6}`];
  const daemon = router.start('env', [...env, process.execPath, program, 'run']);
  const heard = (): string[] => socket.output().trim().split('\n').slice(1);
  const hear: Service['hear'] = (pattern, from = 0) =>
    eventually(() => {
      const found = heard()
        .slice(from)
        .find((message) => pattern.test(message));
      if (found !== undefined) return found;
      throw new Error(`systemd did not hear ${String(pattern)}:\n${heard().join('\n')}\nlog:\n${daemon.output()}`);
    });
  return {
    daemon,
    heard,
    hear,
    stop: async (signal = 'SIGTERM') => {
      const log = await daemon.stop(signal);
      await socket.stop('SIGTERM');
      await router.sh(`rm -f ${SOCKET}`);
      return log;
    },
  };
}
