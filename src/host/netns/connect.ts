// One connection of the agent to its part inside a network namespace, from hello to close.
import { connect, type Socket } from 'node:net';
import { errnoOf, hostError } from '../errno.ts';
import { patience } from '../patience.ts';
import { jsonLines, type Send } from './json-lines.ts';
import type { Asked, Hello, Told } from './protocol.ts';

/** How long a part that listens may take to say hello, because it may be busy with a dump. After that it counts as hanging. */
const HELLO_MS = 5_000;

export interface Connection {
  /** pid of the part inside */
  readonly pid: number;
  readonly send: Send<Asked>;
  /** receives all messages from now on; loses none if it is set in the turn that returned the connection */
  readonly onTold: (receive: (told: Told) => void) => void;
  readonly onClose: (closed: () => void) => void;
  /** stops reading for `ms`, so that the other side waits */
  readonly pause: (ms: number) => void;
  readonly destroy: () => void;
}

/** The required version and namespace of the part inside; a different part is told to end. */
export interface Expected extends Pick<Hello, 'version' | 'netns'> {
  /** do not end a part of another version: a newly started part would have that version as well */
  readonly outdated?: boolean;
}

/** undefined if no part listens, if it hangs, or if it has another version or namespace. */
export async function connectInside(path: string, expected: Expected): Promise<Connection | undefined> {
  const socket = await open(path);
  if (socket === undefined) return undefined;
  let receive: (told: Told) => void = () => undefined;
  const send = jsonLines<Asked>(socket, (told) => receive(told as Told));
  const hello = await new Promise<Hello | undefined>((resolve) => {
    const waits = patience(HELLO_MS, () => resolve(undefined));
    const settle = (heard: Hello | undefined): void => {
      waits.end();
      resolve(heard);
    };
    receive = (told) => settle(told.kind === 'hello' ? told.hello : undefined);
    socket.once('close', () => settle(undefined));
    send({ kind: 'hello', pid: process.pid });
  });
  if (hello === undefined) {
    socket.destroy();
    return undefined;
  }
  // a deleted namespace whose name was used again exists as long as a part runs in it
  if (hello.version !== expected.version || hello.netns !== expected.netns) {
    const spared = expected.outdated === true && hello.netns === expected.netns;
    if (!spared) send({ kind: 'end' });
    socket.end();
    return undefined;
  }
  // while a call is pending, its deadline keeps the process alive
  socket.unref();
  return {
    ...{ pid: hello.pid, send },
    onTold: (listener) => (receive = listener),
    onClose: (closed) => void socket.once('close', closed),
    pause(ms) {
      socket.pause();
      setTimeout(() => socket.resume(), ms);
    },
    destroy: () => void socket.destroy(),
  };
}

/** Whether a process accepts connections; it may hang. */
export async function isListening(path: string): Promise<boolean> {
  const socket = await open(path);
  socket?.destroy();
  return socket !== undefined;
}

function open(path: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(path, () => resolve(socket));
    socket.once('error', (error) => {
      if (['ENOENT', 'ECONNREFUSED'].includes(errnoOf(error))) resolve(undefined);
      else reject(hostError(`connect to ${path}`, error));
    });
  });
}
