// One connection of the part inside: answers its calls, or carries rtmon's stream.
import type { Socket } from 'node:net';
import { hostError } from '../errno.ts';
import type { Rtmon, RtmonHandlers } from '../rtnetlink/rtmon.ts';
import { jsonLines, type Send } from './json-lines.ts';
import { perTurn } from './per-turn.ts';
import {
  served,
  type Asked,
  type Call,
  type Hello,
  type InsideServices,
  type Reply,
  type Service,
  type Told,
} from './protocol.ts';

export interface ConnectionOptions {
  readonly hello: Hello;
  /** makes the services for one connection; `outsidePid` is the calling process, which is outside */
  readonly services: (outsidePid: number) => InsideServices & { readonly close: () => void };
  readonly startRtmon: (handlers: RtmonHandlers) => Promise<Rtmon>;
  /** called when the process is told to end */
  readonly onEnd: () => void;
}

/** Bytes that a listener may lag behind; beyond that its connection is closed, and it connects again. */
const MAX_LAG = 4 * 1024 * 1024;

export function serveConnection(socket: Socket, options: ConnectionOptions): void {
  let services: ReturnType<ConnectionOptions['services']> | undefined;
  let monitor: Rtmon | undefined;
  const send = jsonLines<Told>(socket, (message) => {
    const asked = message as Asked;
    if (asked.kind === 'hello') {
      send({ kind: 'hello', hello: options.hello });
      services ??= options.services(asked.pid);
    } else if (asked.kind === 'end') options.onEnd();
    else if (services === undefined) socket.destroy();
    else if (asked.kind === 'calls') for (const call of asked.calls) void answer(services, call).then(reply);
    else void carryEvents(socket, send, options.startRtmon).then((rtmon) => (monitor = rtmon));
  });
  const reply = perTurn<Reply>((replies) => void send({ kind: 'replies', replies }));
  socket.on('close', () => {
    services?.close();
    monitor?.stop();
  });
}

/** A HostError is sent unchanged, without its cause; any other error is a bug of ours, and its message is sent. */
async function answer(services: InsideServices, { id, service, name, args }: Call): Promise<Reply> {
  try {
    const run = Object.hasOwn(served, service) && Object.hasOwn(served[service as Service], name);
    if (!run) throw new Error(`there is no call ${service}.${name}`);
    const part = services[service as Service] as unknown as Record<string, (...all: unknown[]) => Promise<unknown>>;
    return { id, value: await part[name]?.(...args) };
  } catch (error) {
    const { operation, code, detail } = hostError(`${service}.${name}`, error);
    return { id, error: { operation, code, detail } };
  }
}

async function carryEvents(
  socket: Socket,
  send: Send<Told>,
  startRtmon: ConnectionOptions['startRtmon'],
): Promise<Rtmon | undefined> {
  try {
    const rtmon = await startRtmon({
      // false makes rtmon's reader pause briefly
      data(chunk) {
        if (socket.writableLength > MAX_LAG) socket.destroy();
        return send({ kind: 'data', data: chunk.toString('base64') });
      },
      lost: () => void send({ kind: 'lost' }),
      ended: (reason) => void send({ kind: 'ended', reason }),
    });
    if (socket.destroyed) rtmon.stop();
    return rtmon;
  } catch (error) {
    send({ kind: 'ended', reason: hostError('start rtmon', error).message });
    return undefined;
  }
}
