// Runs programs to their end: no shell, a fixed locale and environment, a deadline, at most eight at once. A failure is a
// HostError with the program's own message, and never contains the text of standard input.
import { closeSync } from 'node:fs';
import { execa } from 'execa';
import { anonymousFile } from './anonymous-file.ts';
import { HostError, isHostError } from './error.ts';
import { patience } from './patience.ts';

export interface RunOptions {
  /** the operation that errors name; default: the command line */
  readonly operation?: string;
  /** text for standard input, which the program may also open as `/dev/stdin` */
  readonly input?: string;
  /** instead of `input`: an open descriptor for standard input */
  readonly stdin?: number;
  /** milliseconds until the program is ended, default 10000 */
  readonly timeout?: number;
  /** more variables; otherwise a program sees only PATH and LC_ALL=C */
  readonly env?: Readonly<Record<string, string>>;
  /** setsid(2): processes that the program leaves running are not in the agent's session and process group */
  readonly detached?: boolean;
  /** the program writes error messages to standard output as well; not for `wg`, whose output contains private keys */
  readonly complainsOnStdout?: boolean;
  /** after a timeout do not start it again for a while, because it would delay every pass. Not if the arguments can cause the timeout */
  readonly shunned?: boolean;
  /** the program prints its answer on standard error, as `bird --version` does */
  readonly answersOnStderr?: boolean;
}

const SHUNNED_MS = 10_000;
const LIMIT = 8;
const DEADLINE_MS = 10_000;
/** then SIGKILL, so that a program that ignores SIGTERM does not keep its slot (or BIRD's file) */
const KILL_AFTER_MS = 1_000;
const MAX_OUTPUT = 64 * 1024 * 1024;

/** Exit statuses of a shell, setpriv(1) and the dynamic loader if a program cannot be run at all. */
const NOT_RUN: readonly number[] = [126, 127];

/** The Debian package to install for a program that is missing. */
const PACKAGES: Readonly<Record<string, string>> = {
  ...{ ip: 'iproute2', rtmon: 'iproute2', setpriv: 'util-linux', mkfifo: 'coreutils' },
  wg: 'wireguard-tools',
  'wireguard-go': 'wireguard-go',
  bird: 'bird2',
  nft: 'nftables',
  ...{ flock: 'util-linux', nsenter: 'util-linux' },
};

let forks = 0;
let running = 0;
const waiting: (() => void)[] = [];

/** Programs started since this process began, for benchmarks. */
export const forkCount = (): number => forks;

/** The environment of every program. Debian installs bird in sbin, which is not in the PATH of an ordinary user. */
export const programEnv = (): Record<string, string> => ({
  PATH: `${process.env['PATH'] ?? '/usr/local/sbin:/usr/local/bin:/usr/bin:/bin'}:/usr/sbin:/sbin`,
  LC_ALL: 'C',
});

const missingProgram = (command: string, operation: string): HostError => {
  const name = PACKAGES[command];
  const cure = name === undefined ? 'install it' : `apt install ${name}`;
  return new HostError({ operation, code: 'ENOENT', detail: `the program ${command} is not installed: ${cure}` });
};

const again = (command: string): string => {
  const name = PACKAGES[command];
  return name === undefined ? '' : `; apt install --reinstall ${name}`;
};

/** Runs a program to its end and returns its standard output. */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  if (options.shunned === true) refuseHung(command, options.operation ?? [command, ...args].join(' '));
  await slot();
  try {
    return await runNow(command, args, options);
  } catch (error) {
    if (options.shunned === true && isHostError(error, 'ETIMEDOUT')) hungAt.set(command, performance.now());
    throw error;
  } finally {
    release();
  }
}

const hungAt = new Map<string, number>();

function refuseHung(command: string, operation: string): void {
  const at = hungAt.get(command);
  if (at === undefined || performance.now() - at > SHUNNED_MS) return;
  const detail = `${command} gave no answer a moment ago, and is not started again for ${SHUNNED_MS / 1000} s${again(command)}`;
  throw new HostError({ operation, code: 'ETIMEDOUT', detail });
}

async function runNow(command: string, args: readonly string[], options: RunOptions): Promise<string> {
  const operation = options.operation ?? [command, ...args].join(' ');
  const timeout = options.timeout ?? DEADLINE_MS;
  const made = options.input === undefined ? undefined : anonymousFile(options.input, operation);
  const stdin = made ?? options.stdin;
  try {
    forks++;
    const child = execa(command, [...args], {
      // execa accepts any descriptor; its types list only the small ones
      stdin: (stdin as 3 | undefined) ?? 'ignore',
      env: { ...programEnv(), ...options.env },
      extendEnv: false,
      cwd: '/',
      forceKillAfterDelay: KILL_AFTER_MS,
      maxBuffer: MAX_OUTPUT,
      reject: false,
      detached: options.detached ?? false,
    });
    let timedOut = false;
    const waits = patience(timeout, () => {
      timedOut = true;
      child.kill();
    });
    const result = await child;
    waits.end();
    if (!result.failed) return options.answersOnStderr === true ? result.stderr : result.stdout;
    const words = options.complainsOnStdout === true ? `${result.stderr}\n${result.stdout}` : result.stderr;
    const { exitCode, signal, code } = result;
    throw failure({ timedOut, exitCode, signal, code }, { command, operation, timeout, words: words.trim() });
  } finally {
    if (made !== undefined) closeSync(made);
  }
}

/** execa's result for a program that failed. */
interface Ending {
  readonly timedOut: boolean;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly code?: string | undefined;
}

function failure(
  result: Ending,
  { command, operation, timeout, words }: { command: string; operation: string; timeout: number; words: string },
): HostError {
  const error = (code: string, detail: string): HostError => new HostError({ operation, code, detail });
  if (result.timedOut) return error('ETIMEDOUT', `${command} gave no answer within ${timeout / 1000} s and was ended`);
  if (result.exitCode !== undefined && NOT_RUN.includes(result.exitCode)) {
    const said = words === '' ? '' : `: ${words}`;
    return error(
      `EXIT_${result.exitCode}`,
      `${command} cannot be run (exit status ${result.exitCode})${said}${again(command)}`,
    );
  }
  if (result.exitCode !== undefined) {
    return error(`EXIT_${result.exitCode}`, words || `${command} exited with status ${result.exitCode}`);
  }
  if (result.signal !== undefined) return error(result.signal, words || `${command} was ended by ${result.signal}`);
  if (result.code === 'ENOENT') return missingProgram(command, operation);
  return error(result.code ?? 'EIO', `${command} could not be run`);
}

async function slot(): Promise<void> {
  if (running < LIMIT) {
    running++;
    return;
  }
  // release() hands the slot over without freeing it in between
  await new Promise<void>((resolve) => waiting.push(resolve));
}

function release(): void {
  const next = waiting.shift();
  if (next === undefined) running--;
  else next();
}

/** The exit status in an error of `run`; undefined if the program did not exit by itself. */
export function exitStatus(error: unknown): number | undefined {
  const m = isHostError(error) ? /^EXIT_(\d+)$/.exec(error.code) : null;
  return m === null ? undefined : Number(m[1]);
}
