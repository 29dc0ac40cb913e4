// Questions in a session that stays open.
import { unlink } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createPoll } from '../../src/host/bird/control-client.ts';
import { GREETING } from './fake-bird-socket.ts';
import { tempDir } from './temp-dir.ts';

interface Fake {
  readonly sessions: Socket[];
  readonly received: string[];
  readonly server: Server;
}

/** Answers each line with its name; never answers `silent`. */
async function listening(path: string, name: string): Promise<Fake> {
  const sessions: Socket[] = [];
  const received: string[] = [];
  const server = createServer((socket) => {
    sessions.push(socket);
    socket.write(GREETING);
    socket.on('error', () => undefined);
    socket.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.trimEnd().split('\n')) {
        received.push(line);
        if (line !== 'silent') socket.write(line === 'restrict' ? '0016 Access restricted\n' : `0013 ${name}\n`);
      }
    });
  });
  await new Promise<void>((ready) => void server.listen(path, ready));
  onTestFinished(() => {
    for (const socket of sessions) socket.destroy();
    server.close();
  });
  return { sessions, received, server };
}

const answer = { code: 13, lines: [{ code: 13, text: 'first' }] };

test('the questions of a poll share one session, which is restricted once', async () => {
  const path = `${await tempDir()}/bird.ctl`;
  const bird = await listening(path, 'first');
  const poll = createPoll();
  for (let i = 0; i < 3; i++) expect(await poll(path, 'show status')).toEqual(answer);
  expect(bird.sessions).toHaveLength(1);
  expect(bird.received).toEqual(['restrict', 'show status', 'show status', 'show status']);
});

test('a session that BIRD ended is replaced by another one', async () => {
  const path = `${await tempDir()}/bird.ctl`;
  const bird = await listening(path, 'first');
  const poll = createPoll();
  await poll(path, 'show status');
  bird.sessions[0]?.destroy();
  expect(await poll(path, 'show status')).toEqual(answer);
  expect(bird.sessions).toHaveLength(2);
});

test('a BIRD that ended is ENOENT although it had a session', async () => {
  const path = `${await tempDir()}/bird.ctl`;
  const bird = await listening(path, 'first');
  const poll = createPoll();
  await poll(path, 'show status');
  bird.server.close();
  bird.sessions[0]?.destroy();
  await expect(poll(path, 'show status')).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a second BIRD at the same path answers, although the first one still could', async () => {
  const path = `${await tempDir()}/bird.ctl`;
  await listening(path, 'first');
  const poll = createPoll();
  await poll(path, 'show status');
  await unlink(path);
  await listening(path, 'second');
  expect((await poll(path, 'show status')).lines[0]?.text).toBe('second');
});

test('a question without an answer ends the session, and the next question opens another one', async () => {
  const path = `${await tempDir()}/bird.ctl`;
  const bird = await listening(path, 'first');
  const poll = createPoll();
  await poll(path, 'show status');
  await expect(poll(path, 'silent', 100)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  expect(await poll(path, 'show status')).toEqual(answer);
  expect(bird.sessions).toHaveLength(2);
});
