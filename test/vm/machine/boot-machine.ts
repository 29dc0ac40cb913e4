// Starts a machine of an image and returns the means to drive it. It ends with `close`, or with this process.
import { spawn, type ChildProcess } from 'node:child_process';
import { copyFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Channel } from './channel.ts';
import { qemuArguments } from './qemu-arguments.ts';
import type { Machine, MachineOptions, Outcome, RunOptions } from './types.ts';

/** The folder for the logs of machines, relative to the root of the checkout. */
export const logs = '.cache/vm/logs';

/** Time for an emulated machine, beside others, to boot; seconds. */
const BOOT = 600;

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** setpriv: the machine ends with this process, also if that is killed (PR_SET_PDEATHSIG, prctl(2)). */
function start(args: string[]): ChildProcess {
  return spawn('setpriv', ['--pdeathsig', 'KILL', '--', 'qemu-system-x86_64', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

async function within<T>(seconds: number, what: string, wanted: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`${what}: not within ${seconds} s`)), seconds * 1000);
  try {
    return await Promise.race([wanted, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

class Booted implements Machine {
  readonly name: string;
  readonly #qemu: ChildProcess;
  readonly #channel: Channel;
  readonly #folder: string;
  readonly #logs: string;
  #files = 0;

  constructor(name: string, qemu: ChildProcess, channel: Channel, folder: string) {
    this.name = name;
    this.#qemu = qemu;
    this.#channel = channel;
    this.#folder = folder;
    this.#logs = join(logs, name);
  }

  run(script: string, { seconds = 180 }: RunOptions = {}): Promise<Outcome> {
    return this.#channel.run(script, seconds);
  }

  async sh(script: string, options?: RunOptions): Promise<string> {
    const { code, stdout, stderr } = await this.run(script, options);
    if (code !== 0) throw new Error(`${this.name}: code ${code} of\n${script}\n${stderr}${stdout}`);
    return stdout.trimEnd();
  }

  async copyIn(file: string, path: string): Promise<void> {
    const passed = `file${++this.#files}`;
    await copyFile(file, join(this.#folder, 'share', passed));
    await this.sh(`mkdir -p "$(dirname ${quote(path)})" && cp /run/host/${passed} ${quote(path)}`);
    await rm(join(this.#folder, 'share', passed));
  }

  async write(path: string, text: string): Promise<void> {
    const passed = join(this.#folder, 'text');
    await writeFile(passed, text, { mode: 0o644 });
    await this.copyIn(passed, path);
  }

  async reboot(): Promise<number> {
    const begin = Date.now();
    const back = this.#channel.nextBoot();
    await this.sh('systemctl --no-block reboot');
    await within(BOOT, `${this.name}: reboot (see ${this.#logs}/console.log)`, back);
    return (Date.now() - begin) / 1000;
  }

  async keepLogs(): Promise<string> {
    await this.run(
      'journalctl --no-pager -o short-monotonic >/run/host/journal.txt; cp -r /run/keep/. /run/host/keep/',
    );
    await cp(join(this.#folder, 'share/journal.txt'), join(this.#logs, 'journal.txt'));
    await cp(join(this.#folder, 'share/keep'), this.#logs, { recursive: true });
    return this.#logs;
  }

  async close(): Promise<void> {
    const ended = this.#qemu.exitCode ?? new Promise((resolve) => this.#qemu.once('exit', resolve));
    this.#qemu.kill('SIGKILL');
    await ended;
    this.#channel.end('the machine was closed');
    await rm(this.#folder, { recursive: true, force: true });
  }
}

export async function bootMachine(options: MachineOptions): Promise<Machine> {
  // relative: the path of a Unix socket has 107 bytes at most
  const folder = `.cache/vm/run-${options.name}`;
  await rm(folder, { recursive: true, force: true });
  const kept = join(logs, options.name);
  await rm(kept, { recursive: true, force: true });
  await mkdir(kept, { recursive: true });
  await mkdir(join(folder, 'share/keep'), { recursive: true });
  await cp(options.guest, join(folder, 'share/guest'), { recursive: true });

  const at = { socket: join(folder, 'runner.sock'), share: join(folder, 'share'), console: join(kept, 'console.log') };
  const channel = new Channel();
  await channel.listen(at.socket);
  const boot = channel.nextBoot();
  const qemu = start(qemuArguments(options, at));
  let output = '';
  qemu.stderr?.on('data', (data: Buffer) => (output += data.toString()));
  qemu.once('error', (error) => channel.end(`QEMU cannot be started: ${error.message}`));
  qemu.once('exit', (code) => channel.end(`QEMU ended with ${code ?? 'a signal'}: ${output}`));

  const machine = new Booted(options.name, qemu, channel, folder);
  try {
    await within(BOOT, `${options.name} boots (see ${at.console})`, boot);
  } catch (error) {
    const printed = await readFile(at.console, 'utf8').catch(() => '');
    await machine.close();
    throw new Error(`${(error as Error).message}\n${printed.slice(-2000)}`, { cause: error });
  }
  return machine;
}
