// `wgospf run` on a router of the lab, and its log.
import { eventually } from './eventually.ts';
import type { Router } from './router.ts';

/** A line of `--log json`. */
export interface LogLine {
  readonly event: string;
  readonly msg?: string;
  readonly object?: string;
  readonly triggers?: string;
  readonly op?: readonly string[] | string;
  readonly gone_ms?: number;
  readonly ms?: number;
}

export interface Daemon {
  /** all lines so far, also those of debug level */
  readonly lines: () => LogLine[];
  /** the first line that matches, from line `from` on */
  readonly logged: (passes: (line: LogLine) => boolean, from?: number) => Promise<LogLine>;
  readonly pid: () => Promise<number>;
  readonly stop: (signal?: NodeJS.Signals) => Promise<string>;
}

/** Node's own output (a warning) is not a line of the log, and none is expected. */
function lineOf(text: string): LogLine {
  if (!text.startsWith('{')) throw new Error(`wgospf run said what is no line of its log: ${text}`);
  return JSON.parse(text) as LogLine;
}

/** Returns when the first pass is over. @param copy of the built program, to be run instead of it */
export async function startDaemon(router: Router, copy?: string): Promise<Daemon> {
  const program = copy ?? (await router.built()).program;
  const running = router.start(process.execPath, [program, 'run', '--log', 'json', '--log-level', 'debug']);
  const lines = (): LogLine[] => running.output().split('\n').slice(0, -1).map(lineOf);
  const logged: Daemon['logged'] = (passes, from = 0) =>
    eventually(
      () => {
        const found = lines().slice(from).find(passes);
        if (found === undefined) throw new Error(`not said by wgospf run:\n${running.output()}`);
        return found;
      },
      { every: 10 },
    );
  await logged(({ event }) => event === 'ready');
  return { lines, logged: logged, pid: running.pid, stop: (signal = 'SIGTERM') => running.stop(signal) };
}
