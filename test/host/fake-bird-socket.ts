// A BIRD's control socket played by the test: it sends the given pieces.
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { tempDir } from './temp-dir.ts';

export const GREETING = '0001 BIRD 2.0.12 ready.\n';

export interface FakeBird {
  readonly path: string;
  /** everything that clients sent */
  received(): string;
  /** resolves when the client has closed its session */
  readonly closed: Promise<unknown>;
}

/** Greets, then answers each command line with `pieces`, a tick apart. */
export async function fakeBird(pieces: string[], greeting: string[] = [GREETING]): Promise<FakeBird> {
  const path = `${await tempDir()}/bird.ctl`;
  let received = '';
  const sockets = new Set<Socket>();
  const { promise: closed, resolve } = Promise.withResolvers<unknown>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.setEncoding('utf8');
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(undefined));
    socket.on('data', (text: string) => {
      received += text;
      if (text.endsWith('\n')) void send(socket, pieces);
    });
    void send(socket, greeting);
  });
  server.listen(path);
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { path, received: () => received, closed };
}

/** An empty piece ends the session from BIRD's side. */
async function send(socket: Socket, pieces: string[]): Promise<void> {
  for (const piece of pieces) {
    await sleep(1);
    if (piece === '') socket.end();
    else socket.write(piece);
  }
}
