// One connection of the agent to its part inside a network namespace, from hello to close.
import { connect, type Socket } from 'node:net';
import { errnoOf, hostError } from '../errno.ts';
import { patience } from '../patience.ts';
import { jsonLines, type Send } from './json-lines.ts';
import type { Asked, Hello, Told } from './protocol.ts';

/** How long a part that listens may take to say hello; one that hangs is left behind. It may be busy with a dump. */
const HELLO_MS = 5_000;

export interface Connection {
  /** of the part inside */
  readonly pid: number;
  readonly send: Send<Asked>;
  /** what is told from now on; nothing is lost in the turn in which the connection was given out */
  readonly onTold: (receive: (told: Told) => void) => void;
  readonly onClose: (closed: () => void) => void;
  /** reads no more for a moment, so that the other side waits */
  readonly pause: (ms: number) => void;
  readonly destroy: () => void;
}

/** What the part inside must be; another one is told to end. */
export interface Expected extends Pick<Hello, 'version' | 'netns'> {
  /** one of another version is left alone: the next to be started would be of that version as well */
  readonly outdated?: boolean;
}

/** Undefined where nobody listens, where who listens hangs, and where it is of another version or namespace. */
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
  // the namespace of a name that was deleted and made anew lives on for as long as a part is in it
  if (hello.version !== expected.version || hello.netns !== expected.netns) {
    const spared = expected.outdated === true && hello.netns === expected.netns;
    if (!spared) send({ kind: 'end' });
    socket.end();
    return undefined;
  }
  // while a call is waited for, its deadline keeps the process alive
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

/** Whether somebody takes connections, who may hang. */
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
