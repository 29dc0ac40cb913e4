import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { birdMessage } from '../../src/host/bird/check.ts';
import { birdCommand, birdQuestion } from '../../src/host/bird/control-client.ts';
import { createReplyReader } from '../../src/host/bird/reply-reader.ts';
import { parseVersion } from '../../src/host/bird/version.ts';
import { fakeBird, GREETING } from './fake-bird-socket.ts';
import { tempDir } from './temp-dir.ts';

const NEIGHBORS =
  '1013-mesh4:\n Router ID   \tPri\t     State\n 10.69.1.11  \t  1\tFull/PtP\n 10.69.2.22  \t  1\tInit/PtP\n0000 \n';
const NEIGHBORS_REPLY = {
  lines: [
    { code: 1013, text: 'mesh4:' },
    { code: 1013, text: 'Router ID   \tPri\t     State' },
    { code: 1013, text: '10.69.1.11  \t  1\tFull/PtP' },
    { code: 1013, text: '10.69.2.22  \t  1\tInit/PtP' },
    { code: 0, text: '' },
  ],
  code: 0,
};

describe('birdCommand', () => {
  test('sends one command after the greeting, and closes', async () => {
    const bird = await fakeBird(['0002-Reading configuration from /etc/bird/bird.conf\n0003 Reconfigured\n']);
    expect(await birdCommand(bird.path, 'configure')).toEqual({
      lines: [
        { code: 2, text: 'Reading configuration from /etc/bird/bird.conf' },
        { code: 3, text: 'Reconfigured' },
      ],
      code: 3,
    });
    await bird.closed;
    expect(bird.received()).toBe('configure\n');
  });

  test('reads replies and greeting in any pieces, with the code before continuation lines', async () => {
    const bird = await fakeBird(Array.from(NEIGHBORS), Array.from(GREETING));
    expect(await birdCommand(bird.path, 'show ospf neighbors')).toEqual(NEIGHBORS_REPLY);
  });

  test('returns an error of BIRD as a reply with its code', async () => {
    const bird = await fakeBird(['9001 syntax error, unexpected CF_SYM_UNDEFINED\n']);
    expect(await birdCommand(bird.path, 'nonsense')).toMatchObject({ code: 9001 });
  });

  test('ignores asynchronous lines', async () => {
    const bird = await fakeBird(['+mesh4: Neighbor is up\n0013-a\n+more\n0013 b\n']);
    expect((await birdCommand(bird.path, 'show status')).lines.map((l) => l.text)).toEqual(['a', 'b']);
  });

  test.each([
    ['no socket', 'ENOENT', async () => `${await tempDir()}/none`],
    [
      'a file that nobody listens on',
      'ECONNREFUSED',
      async () => {
        const path = `${await tempDir()}/stale`;
        await writeFile(path, '');
        return path;
      },
    ],
  ])('%s gives %s', async (_, code, path) => {
    const socket = await path();
    await expect(birdCommand(socket, 'show status')).rejects.toMatchObject({
      code,
      operation: `birdc show status (${socket})`,
      detail: expect.stringContaining('BIRD is not running') as string,
    });
  });

  test.each([
    ['never answers', [], [GREETING], 'ETIMEDOUT'],
    ['never greets', [], [], 'ETIMEDOUT'],
    ['stops within its reply', ['0002-Reading\n'], [GREETING], 'ETIMEDOUT'],
    ['stops within a line', ['0003 Reconf'], [GREETING], 'ETIMEDOUT'],
    ['closes within its reply', ['0002-Reading\n', ''], [GREETING], 'ECONNRESET'],
    ['closes at once', [], [''], 'ECONNRESET'],
    ['is not BIRD', [], ['HTTP/1.1 400 Bad Request\n'], 'EPROTO'],
    ['begins with a continuation', [' text\n'], [GREETING], 'EPROTO'],
    ['greets with something else', [], ['8000 Reply too long\n'], 'EPROTO'],
  ])('a BIRD that %s gives an error', async (_, pieces, greeting, code) => {
    const bird = await fakeBird(pieces, greeting);
    await expect(birdCommand(bird.path, 'configure', 150)).rejects.toMatchObject({ code });
    await bird.closed;
  });

  test('a BIRD that ends between its greeting and the command is ECONNRESET, however the kernel reports it', async () => {
    const path = `${await tempDir()}/bird.ctl`;
    // at once: the client finds the greeting, and nobody who reads the command (EPIPE)
    const server = createServer((socket) => {
      socket.write(GREETING);
      socket.destroy();
    });
    onTestFinished(() => void server.close());
    server.listen(path);
    await once(server, 'listening');
    await expect(birdCommand(path, 'down')).rejects.toMatchObject({
      code: 'ECONNRESET',
      detail: 'BIRD closed the session before its reply was whole',
    });
  });

  test('refuses a command of two lines before it sends anything', async () => {
    const bird = await fakeBird(['0000 \n']);
    await expect(birdCommand(bird.path, 'show status\ndown')).rejects.toMatchObject({ code: 'EINVAL' });
    expect(bird.received()).toBe('');
  });
});

describe('birdQuestion', () => {
  test('restricts the session in the same write, and returns the reply to the question', async () => {
    const bird = await fakeBird(['0016 Access restricted\n0013 Daemon is up and running\n']);
    expect(await birdQuestion(bird.path, 'show status')).toMatchObject({ code: 13 });
    expect(bird.received()).toBe('restrict\nshow status\n');
  });

  test('refuses the answer of a session that is not restricted', async () => {
    const bird = await fakeBird(['9001 syntax error\n0013 Daemon is up and running\n']);
    await expect(birdQuestion(bird.path, 'show status')).rejects.toMatchObject({
      code: 'EPROTO',
      operation: expect.stringContaining('birdc show status') as string,
    });
  });

  test('fails if only half of the replies comes', async () => {
    const bird = await fakeBird(['0016 Access restricted\n0013-Dae']);
    await expect(birdQuestion(bird.path, 'show status', 150)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  });
});

test.each([
  ['BIRD version 2.0.12\n', { text: '2.0.12', major: 2 }],
  ['BIRD version 1.6.8', { text: '1.6.8', major: 1 }],
  ['BIRD 3.1.7 ready.', { text: '3.1.7', major: 3 }],
  ['bird: unknown option', undefined],
])('parseVersion %j', (text, version) => {
  expect(parseVersion(text)).toEqual(version);
});

test('the reader gives the same reply however the text is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: NEIGHBORS.length - 1 })), (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), NEIGHBORS.length];
      const reader = createReplyReader();
      const replies = at.slice(1).flatMap((end, i) => [...reader.push(NEIGHBORS.slice(at[i], end))]);
      expect(replies).toEqual([NEIGHBORS_REPLY]);
    }),
  );
});

test.each([
  ['bird: /t/b.conf:3:1 syntax error, unexpected IMPORT', '/t/b.conf:3:1 syntax error, unexpected IMPORT'],
  ['bird: 2026-11-22 16:11:04.600 [0001] <FATAL> c.conf:17:1 syntax error', 'c.conf:17:1 syntax error'],
  ['something else', 'something else'],
])('birdMessage %j', (text, message) => {
  expect(birdMessage(text)).toBe(message);
});
