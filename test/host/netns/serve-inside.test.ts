// The part inside as a process: its socket, and when it ends.
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { connectInside, type Connection } from '../../../src/host/netns/connect.ts';
import { ownNamespaceId } from '../../../src/host/netns/namespace-file.ts';
import { serveInside } from '../../../src/host/netns/serve-inside.ts';
import { tempDir } from '../temp-dir.ts';

const expected = { version: '1', netns: ownNamespaceId() };
const listening = (socket: string): Promise<void> =>
  vi.waitFor(() => expect(statSync(socket).mode & 0o177777).toBe(0o140600));
const connect = async (socket: string): Promise<Connection> =>
  (await connectInside(socket, expected)) ?? expect.unreachable();

it('the part ends after some time without a connection, and removes its socket', async () => {
  const socket = join(await tempDir(), 'folder', 'inside.sock');
  const served = serveInside({ socket, version: '1', idle: 200 });
  await listening(socket);
  await served;
  expect(() => statSync(socket)).toThrow('ENOENT');
});

it('the part stays while a client is connected, and ends on request', async () => {
  const socket = join(await tempDir(), 'inside.sock');
  writeFileSync(socket, 'of a dead one');
  let over = false;
  const served = serveInside({ socket, version: '1', idle: 100 }).then(() => (over = true));
  await listening(socket);
  const connection = await connect(socket);
  expect(connection.pid).toBe(process.pid);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(over).toBe(false);
  connection.send({ kind: 'end' });
  await served;
  connection.destroy();
});

it('the part leaves the socket of its successor', async () => {
  const socket = join(await tempDir(), 'inside.sock');
  const served = serveInside({ socket, version: '1', idle: 50 });
  await listening(socket);
  const connection = await connect(socket);
  rmSync(socket);
  writeFileSync(`${socket}.new`, '');
  writeFileSync(socket, 'another');
  connection.send({ kind: 'end' });
  await served;
  expect(statSync(socket).size).toBe(7);
  connection.destroy();
});
