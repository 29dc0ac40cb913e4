// A part inside without a namespace: the real server and client, over a real socket, with any services.
import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createInsideClient, type InsideClient } from '../../../src/host/netns/client.ts';
import { connectInside, type Connection } from '../../../src/host/netns/connect.ts';
import type { Hello, InsideServices } from '../../../src/host/netns/protocol.ts';
import { type ConnectionOptions, serveConnection } from '../../../src/host/netns/serve-connection.ts';
import { tempDir } from '../temp-dir.ts';

export interface FakeInside {
  readonly path: string;
  /** ends it as kill -9 does */
  readonly kill: () => void;
  /** the number of requests to end */
  readonly ends: () => number;
  readonly pids: number[];
}

export type Options = Partial<ConnectionOptions> & { readonly parts?: InsideServices };

const nothing = {} as InsideServices;
/** For a process that cannot be killed. */
export const HELLO: Hello = { pid: 0x7fffffff, version: '1', netns: 1 };

export async function fakeInside(options: Options = {}, path?: string): Promise<FakeInside> {
  const at = path ?? join(await tempDir(), 'inside.sock');
  const sockets = new Set<Socket>();
  const pids: number[] = [];
  let ends = 0;
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    serveConnection(socket, {
      hello: HELLO,
      onEnd: () => ends++,
      services: (pid) => {
        pids.push(pid);
        return { ...(options.parts ?? nothing), close: () => undefined };
      },
      startRtmon: () => Promise.reject(new Error('none here')),
      ...options,
    });
  });
  await new Promise<void>((resolve) => server.listen(at, resolve));
  const kill = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
    rmSync(at, { force: true });
  };
  onTestFinished(kill);
  return { path: at, kill, ends: () => ends, pids };
}

/** A client that starts nothing. */
export function clientOf(path: string, deadline = 5_000): InsideClient {
  const client = createInsideClient({ name: 'nycmesh', open: () => connected(path), deadline });
  onTestFinished(() => client.close());
  return client;
}

export async function connected(path: string): Promise<Connection> {
  const connection = await connectInside(path, HELLO);
  if (connection === undefined) throw new Error(`nobody on ${path}`);
  return connection;
}
