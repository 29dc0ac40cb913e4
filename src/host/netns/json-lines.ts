// JSON values over a stream socket, one per line.
import type { Socket } from 'node:net';

/** Writes one value; false: the other side reads slower than we write, or is gone. */
export type Send<Out> = (message: Out) => boolean;

/** A line that is not JSON ends the connection. Errors of the socket are ignored, because its `close` event follows. */
export function jsonLines<Out>(socket: Socket, receive: (message: unknown) => void): Send<Out> {
  let begun: string[] = [];
  socket.setEncoding('utf8');
  socket.on('error', () => undefined);
  socket.on('data', (text: string) => {
    const [first = '', ...others] = text.split('\n');
    begun.push(first);
    for (const next of others) {
      const line = begun.join('');
      begun = [next];
      const message = parsed(line);
      if (message === undefined) socket.destroy();
      else receive(message);
    }
  });
  return (message) => !socket.destroyed && socket.write(`${JSON.stringify(message)}\n`);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
