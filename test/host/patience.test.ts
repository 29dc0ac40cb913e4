// A deadline counts the time in which an answer could have been read.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { patience } from '../../src/host/patience.ts';

const late = vi.fn();
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  late.mockReset();
});

it('a deadline ends once, after its time', async () => {
  patience(1000, late);
  await vi.advanceTimersByTimeAsync(999);
  expect(late).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(late).toHaveBeenCalledTimes(1);
});

it('a deadline starts again with each sign of life, and ends when it is cancelled', async () => {
  const waits = patience(1000, late);
  await vi.advanceTimersByTimeAsync(900);
  waits.heard();
  await vi.advanceTimersByTimeAsync(900);
  expect(late).not.toHaveBeenCalled();
  waits.end();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(late).not.toHaveBeenCalled();
});

it('an answer that came while the loop was busy is in time, however long that was', async () => {
  vi.useRealTimers();
  const { createServer, connect } = await import('node:net');
  // in reality the other side is a separate process; here the kernel keeps the written bytes until we read
  const server = createServer((socket) => socket.end('answer')).listen(0);
  const socket = connect({ port: (server.address() as { port: number }).port });
  const answer = new Promise<string>((resolve) => {
    const waits = patience(50, () => resolve('late'));
    socket.on('data', (text) => {
      waits.end();
      resolve(String(text));
    });
  });
  for (const end = performance.now() + 300; performance.now() < end;);
  expect(await answer).toBe('answer');
  server.close();
});
