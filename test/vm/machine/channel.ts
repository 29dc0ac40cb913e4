// The connection to the program `runner` in a machine (test/vm/guest/runner): scripts go in, one line of JSON answers each.
import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Outcome } from './types.ts';

interface Waiting {
  script: string;
  resolve: (outcome: Outcome) => void;
  reject: (error: Error) => void;
}

type Line = { boot: string } | { id: number; code: number; stdout: string; stderr: string };

const decode = (text: string): string => Buffer.from(text, 'base64').toString('utf8');

export class Channel {
  readonly #server: Server;
  readonly #waiting = new Map<number, Waiting>();
  #socket: Socket | undefined;
  #lastId = 0;
  #boot: PromiseWithResolvers<string> = Promise.withResolvers();

  constructor() {
    this.#boot.promise.catch(() => undefined);
    this.#server = createServer((socket) => {
      this.#socket = socket;
      socket.on('error', () => undefined); // the machine is gone; `end` informs those who wait
      socket.on('close', () => this.end('the machine has ended'));
      createInterface({ input: socket }).on('line', (line) => this.#take(line));
    });
  }

  /** Listens on this Unix socket for QEMU, which connects when the machine starts. */
  async listen(path: string): Promise<void> {
    this.#server.listen(path);
    await once(this.#server, 'listening');
  }

  /** Waits for the hello of the next boot's runner. Called before a reboot, else the hello may be missed. */
  nextBoot(): Promise<string> {
    this.#boot = Promise.withResolvers();
    this.#boot.promise.catch(() => undefined);
    return this.#boot.promise;
  }

  run(script: string, seconds: number): Promise<Outcome> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      if (this.#socket === undefined) {
        reject(new Error(`no machine is there to run: ${script}`));
        return;
      }
      const late = setTimeout(
        () => this.#settle(id)?.reject(new Error(`no answer within ${seconds + 30} s to: ${script}`)),
        (seconds + 30) * 1000,
      );
      const clear = <T>(then: (value: T) => void) => {
        return (value: T): void => {
          clearTimeout(late);
          then(value);
        };
      };
      this.#waiting.set(id, { script, resolve: clear(resolve), reject: clear(reject) });
      this.#socket.write(`${id} ${seconds} ${Buffer.from(script).toString('base64')}\n`);
    });
  }

  /** Nothing more will arrive: whoever waits fails. */
  end(why: string): void {
    for (const [id, { script }] of this.#waiting) this.#settle(id)?.reject(new Error(`${why}, during: ${script}`));
    this.#boot.reject(new Error(why));
    this.#socket?.destroy();
    this.#server.close();
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #take(text: string): void {
    if (!text.startsWith('{')) return; // half a line, from a runner that a reboot ended
    const line = JSON.parse(text) as Line;
    if ('boot' in line) {
      for (const [id, { script }] of this.#waiting) {
        this.#settle(id)?.reject(new Error(`the machine started anew during: ${script}`));
      }
      this.#boot.resolve(line.boot);
      return;
    }
    const { code, stdout, stderr } = line;
    this.#settle(line.id)?.resolve({ code, stdout: decode(stdout), stderr: decode(stderr) });
  }
}
