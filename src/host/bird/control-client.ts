// BIRD's control socket (nest/cli.c): one session for a command or a question, ended by closing it. `quit` is never sent: BIRD 2
// and 3 do not answer it. Whatever BIRD does, or fails to do, ends by a deadline.
import { connect } from 'node:net';
import { connectionErrno } from '../errno.ts';
import { withSocket } from '../open-socket.ts';
import { HostError } from '../error.ts';
import { patience } from '../patience.ts';
import type { BirdReply } from '../types.ts';
import { codes } from './reply-codes.ts';
import { createReplyReader } from './reply-reader.ts';

const DEADLINE_MS = 5_000;

const ENDED = 'BIRD closed the session before its reply was whole';
const WORDS: Readonly<Record<string, string>> = {
  ECONNRESET: ENDED,
  ENOENT: 'BIRD is not running: its control socket is not there (systemctl start bird)',
  ECONNREFUSED: 'BIRD is not running: nobody listens on its control socket (systemctl start bird)',
  EACCES: 'permission denied; run as root or as a member of the group bird',
};

/** Sends one command and gives the reply that follows the greeting. */
export async function birdCommand(socket: string, command: string, deadline?: number): Promise<BirdReply> {
  return last(await session(socket, [command], deadline));
}

/**
 * The same in a session that is restricted before the question is asked, so that no question can change anything: BIRD answers
 * 8007 to what would. Both lines travel in one write.
 */
export async function birdQuestion(socket: string, question: string, deadline?: number): Promise<BirdReply> {
  const replies = await session(socket, ['restrict', question], deadline);
  const [restricted] = replies;
  if (restricted?.code === codes.restricted) return last(replies);
  const detail = `BIRD does not restrict the session: ${restricted?.lines.at(-1)?.text ?? ''}`;
  throw new HostError({ operation: operationOf(socket, question), code: 'EPROTO', detail });
}

const operationOf = (socket: string, command: string): string => `birdc ${command} (${socket})`;

function last(replies: readonly BirdReply[]): BirdReply {
  const reply = replies.at(-1);
  if (reply === undefined) throw new Error('a conversation without a reply');
  return reply;
}

const session = (path: string, commands: readonly string[], deadline?: number): Promise<readonly BirdReply[]> =>
  withSocket(path, (held) => converse({ path, held }, commands, deadline));

/** One session: all commands in one write after the greeting, and the reply to each. */
function converse(
  { path, held }: { readonly path: string; readonly held: string },
  commands: readonly string[],
  deadline: number = DEADLINE_MS,
): Promise<readonly BirdReply[]> {
  const operation = operationOf(path, commands.at(-1) ?? '');
  return new Promise((resolve, reject) => {
    const fail = (code: string, detail: string, cause?: unknown): void => {
      finish();
      reject(new HostError({ operation, code, detail, cause }));
    };
    if (/[\n\r]/.test(commands.join('')))
      throw new HostError({ operation, code: 'EINVAL', detail: 'a command is one line' });
    const reader = createReplyReader();
    const socket = connect(held);
    const waits = patience(deadline, () => {
      fail('ETIMEDOUT', `BIRD gave no whole reply within ${deadline / 1000} s; it hangs or is very busy`);
    });
    const finish = (): void => {
      waits.end();
      socket.destroy();
    };
    let greeted = false;
    const replies: BirdReply[] = [];
    const take = (reply: BirdReply): void => {
      if (greeted) {
        replies.push(reply);
        if (replies.length < commands.length) return;
        finish();
        resolve(replies);
      } else if (reply.code === codes.greeting) {
        greeted = true;
        socket.write(commands.map((command) => `${command}\n`).join(''));
      } else {
        fail('EPROTO', `BIRD greeted with ${reply.code} instead of 0001`);
      }
    };
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      for (const reply of reader.push(chunk)) {
        if (reply === 'garbled') fail('EPROTO', 'what answers on the socket does not speak as BIRD does');
        else take(reply);
      }
    });
    socket.on('error', (error) => {
      const code = connectionErrno(error);
      fail(code, WORDS[code] ?? error.message, error);
    });
    socket.on('end', () => fail('ECONNRESET', ENDED));
  });
}
