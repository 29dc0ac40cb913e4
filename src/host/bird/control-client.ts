// BIRD's control socket (BIRD's doc/reply_codes and nest/cli.c): one session a command, which ends by closing it. `quit` is
// never sent: BIRD 2 does not answer it.
import { connect } from 'node:net';
import { errnoOf } from '../errno.ts';
import { HostError } from '../error.ts';
import type { BirdReply } from '../types.ts';

type Line = BirdReply['lines'][number];

const DEADLINE_MS = 5_000;
const GREETING = 1;

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'BIRD is not running: its control socket is not there (systemctl start bird)',
  ECONNREFUSED: 'BIRD is not running: nobody listens on its control socket (systemctl start bird)',
  EACCES: 'permission denied; run as root or as a member of the group bird',
};

/** Sends one command and gives the reply that follows the greeting. */
export function birdCommand(socketPath: string, command: string, deadline: number = DEADLINE_MS): Promise<BirdReply> {
  const operation = `birdc ${command} (${socketPath})`;
  return new Promise((resolve, reject) => {
    const fail = (code: string, detail: string, cause?: unknown): void => {
      finish();
      reject(new HostError({ operation, code, detail, cause }));
    };
    if (/[\n\r]/.test(command)) throw new HostError({ operation, code: 'EINVAL', detail: 'a command is one line' });
    const replies = createReplyReader();
    const socket = connect(socketPath);
    const timer = setTimeout(() => {
      fail('ETIMEDOUT', `BIRD gave no whole reply within ${deadline / 1000} s; it hangs or is very busy`);
    }, deadline);
    const finish = (): void => {
      clearTimeout(timer);
      socket.destroy();
    };
    let greeted = false;
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      for (const reply of replies.push(chunk)) {
        if (reply === 'garbled') {
          fail('EPROTO', 'what answers on the socket does not speak as BIRD does');
        } else if (greeted) {
          finish();
          resolve(reply);
        } else if (reply.code === GREETING) {
          greeted = true;
          socket.write(`${command}\n`);
        } else {
          fail('EPROTO', `BIRD greeted with ${reply.code} instead of 0001`);
        }
      }
    });
    socket.on('error', (error) => {
      const code = errnoOf(error);
      fail(code, WORDS[code] ?? error.message, error);
    });
    socket.on('end', () => fail('ECONNRESET', 'BIRD closed the session before its reply was whole'));
  });
}

/** Cuts a stream of any pieces into replies. `garbled` is a line that is no part of one. */
export function createReplyReader(): { push(chunk: string): Generator<BirdReply | 'garbled'> } {
  let rest = '';
  let lines: Line[] = [];
  return {
    *push(chunk) {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      for (const text of parts) {
        if (text.startsWith('+')) continue; // asynchronous, not part of a reply
        const line = parseLine(text, lines.at(-1)?.code);
        if (line === undefined) {
          yield 'garbled';
          continue;
        }
        lines.push({ code: line.code, text: line.text });
        if (!line.last) continue;
        yield { lines, code: line.code };
        lines = [];
      }
    },
  };
}

/** `CODE-text` goes on, `CODE text` ends the reply, ` text` goes on with the code before it. */
function parseLine(text: string, previous: number | undefined): (Line & { last: boolean }) | undefined {
  const m = /^(\d{4})([ -])(.*)$/.exec(text);
  if (m !== null) return { code: Number(m[1]), text: m[3] ?? '', last: m[2] === ' ' };
  if (text.startsWith(' ') && previous !== undefined) return { code: previous, text: text.slice(1), last: false };
  return undefined;
}
