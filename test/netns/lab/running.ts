// A command that runs inside a namespace until it is stopped (ping, tcpdump, ip monitor).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { eventually } from './eventually.ts';

export interface Running {
  /** its output so far, both streams */
  readonly output: () => string;
  /** its pid as the machine sees it */
  readonly pid: () => Promise<number>;
  /** sends the signal if it still runs, waits for its end and returns its whole output */
  readonly stop: (signal?: NodeJS.Signals) => Promise<string>;
}

/** The only child of a process that waits for it (unshare --fork, nsenter --pid), as the machine sees it. */
export const childOf = (pid: number): Promise<number> =>
  eventually(
    async () => {
      const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
      const child = Number(children.trim().split(' ')[0]);
      if (!child) throw new Error(`process ${pid} has no child`);
      return child;
    },
    { within: 10, every: 5 },
  );

/** `command` waits for a single child, such as nsenter with `--pid`. */
export function running(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Running {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const closed = once(child, 'close');
  const pid = (): Promise<number> => childOf(child.pid ?? 0);
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return {
    output: () => output,
    pid,
    stop: async (signal = 'SIGINT') => {
      if (!hasEnded()) process.kill(await pid(), signal);
      await closed;
      return output;
    },
  };
}
