// A network namespace with its own files and processes, which cannot outlive the process that made it (holder.sh).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { patience } from './eventually.ts';
import { childOf, running, type Running } from './running.ts';

/** Everything that commands printed, kept so that a test can search it for secrets. */
export interface CommandRecord {
  readonly where: string;
  readonly command: string;
  readonly output: string;
}

export interface Executed {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ExecOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** returns a failure instead of throwing it */
  readonly mayFail?: boolean;
  /** seconds */
  readonly timeout?: number;
}

export interface Namespace {
  readonly name: string;
  /** pid 1 of the namespace as the machine sees it, for `nsenter -t` */
  readonly pid: number;
  /** the words before a command line that make it run inside */
  readonly enter: readonly string[];
  readonly exec: (command: string, args?: readonly string[], options?: ExecOptions) => Promise<Executed>;
  /** standard output of a bash script */
  readonly sh: (script: string) => Promise<string>;
  /** parsed output of a command that prints JSON: `json('ip', ['-j', 'link'])`; no output is an empty list */
  readonly json: (command: string, args: readonly string[]) => Promise<unknown>;
  readonly start: (command: string, args: readonly string[]) => Running;
  /** absolute path inside */
  readonly readFile: (path: string) => Promise<string>;
  readonly writeFile: (path: string, text: string, mode?: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

const baseEnv = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };

async function hold(name: string): Promise<{ pid: number; release: () => Promise<void> }> {
  const holder = spawn(
    'unshare',
    ['--net', '--mount', '--pid', '--uts', '--fork', '--kill-child', '--mount-proc', '--', 'bash'].concat(
      join(import.meta.dirname, 'holder.sh'),
      name,
    ),
    // a separate session: Ctrl-C reaches only the process that made the lab, which then takes it down
    { stdio: ['pipe', 'pipe', 'pipe'], detached: true, env: { ...process.env, ...baseEnv } },
  );
  let complaint = '';
  holder.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const ended = once(holder, 'exit');
  holder.stdin.on('error', () => undefined); // EPIPE if it ended first
  await Promise.race([once(holder.stdout, 'data'), ended]);
  if (holder.exitCode !== null || holder.pid === undefined) {
    throw new Error(`cannot make namespace ${name} (root and its kernel's namespaces are needed): ${complaint}`);
  }
  const pid = await childOf(holder.pid);
  const release = async (): Promise<void> => {
    holder.stdin.end();
    await ended;
  };
  return { pid, release };
}

/** `log` receives the output of every command. Throws if the caller is not root. */
export async function openNamespace(name: string, log: CommandRecord[] = []): Promise<Namespace> {
  const { pid, release } = await hold(name);
  const enter = ['nsenter', '-t', String(pid), '--net', '--mount', '--pid', '--uts', '--root', '--wd', '--'];
  const path = (absolute: string): string => `/proc/${pid}/root${absolute}`;
  const tell = (command: string, args: readonly string[], output: string): void => {
    log.push({ where: name, command: [command, ...args].join(' '), output });
  };

  const exec: Namespace['exec'] = async (command, args = [], { input, env, mayFail = false, timeout = 60 } = {}) => {
    const done = await execa('nsenter', [...enter.slice(1), command, ...args], {
      env: { ...baseEnv, ...env },
      stripFinalNewline: false,
      ...(input === undefined ? { stdin: 'ignore' } : { input }),
      timeout: timeout * patience * 1000,
      reject: false,
    });
    const { exitCode = -1, stdout, stderr } = done;
    tell(command, args, stdout + stderr);
    if (exitCode !== 0 && !mayFail) {
      throw new Error(`${name}# ${[command, ...args].join(' ')}: exit ${exitCode}\n${stderr}${stdout}`, {
        cause: done,
      });
    }
    return { exitCode, stdout, stderr };
  };

  return {
    name,
    pid,
    enter,
    exec,
    sh: async (script) => (await exec('bash', ['-euo', 'pipefail', '-c', script])).stdout,
    json: async (command, args) => JSON.parse((await exec(command, args)).stdout || '[]') as unknown,
    start: (command, args) => running('nsenter', [...enter.slice(1), command, ...args], { ...process.env, ...baseEnv }),
    readFile: (file) => readFile(path(file), 'utf8'),
    writeFile: async (file, text, mode = 0o644) => {
      await mkdir(path(dirname(file)), { recursive: true });
      await writeFile(path(file), text);
      await chmod(path(file), mode);
    },
    close: release,
  };
}
