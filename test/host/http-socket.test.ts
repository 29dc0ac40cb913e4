// How a server on a Unix socket treats slowness: of its own work, and of its readers.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ask } from '../../src/host/http-client.ts';
import { type HttpSocketOptions, listenHttp } from '../../src/host/http-socket.ts';

async function listen(options: Pick<HttpSocketOptions, 'handle' | 'deadline'>): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'http-'));
  const path = join(folder, 'socket');
  const socket = await listenHttp({ path, mode: 0o600, ...options });
  onTestFinished(async () => {
    await socket.close();
    rmSync(folder, { recursive: true });
  });
  return path;
}

const never = (): Promise<never> => new Promise(() => undefined);

/** A client that sends any bytes and reads nothing. */
async function sendAlone(path: string, text: string): Promise<Socket> {
  const socket = connect(path);
  socket.pause().on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  await new Promise<void>((resolve) => socket.write(text, () => resolve()));
  return socket;
}

test('work that takes too long is answered with an error', async () => {
  const socket = await listen({ handle: never, deadline: 30 });
  const asked = ask({ socket, method: 'GET', path: '/' });
  await expect(asked).rejects.toMatchObject({ code: 'HTTP_504', detail: 'no answer within 0.03 s' });
});

test('a reader of a stream that is too far behind is disconnected', async () => {
  let say: (json: string) => void = () => undefined;
  let ended = false;
  const socket = await listen({
    handle: () =>
      Promise.resolve({
        status: 200,
        stream: (line) => {
          say = line;
          return () => (ended = true);
        },
      }),
  });
  await sendAlone(socket, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await expect
    .poll(() => {
      say(`"${'x'.repeat(100_000)}"`);
      return ended;
    })
    .toBe(true);
});

test('a client that hangs up in the middle of its request does no harm', async () => {
  const socket = await listen({ handle: () => Promise.resolve({ status: 200, json: '{"well":true}' }) });
  const half = await sendAlone(socket, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"a"');
  half.destroy();
  expect(await ask({ socket, method: 'GET', path: '/' })).toEqual({ well: true });
});

test('a server that ends during a request is ECONNRESET, however the kernel reports it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'http-'));
  const socket = join(folder, 'socket');
  const server = createServer((connection) => void connection.destroy()).listen(socket);
  onTestFinished(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  await once(server, 'listening');
  const asked = ask({ socket, method: 'POST', path: '/', body: { text: 'x'.repeat(4096) } });
  await expect(asked).rejects.toMatchObject({ code: 'ECONNRESET', detail: 'it ended before its answer was complete' });
});
