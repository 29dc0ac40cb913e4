// A conversation on BIRD's control socket (nest/cli.c): sends lines and receives the replies in the same order; if it ends, pending
// calls fail. Never sends `quit`, because BIRD 2 and 3 do not answer it. Every wait for BIRD has a deadline.
import { connect, type Socket } from 'node:net';
import { connectionErrno } from '../errno.ts';
import { HostError } from '../error.ts';
import { patience } from '../patience.ts';
import type { BirdReply } from '../types.ts';
import { codes } from './reply-codes.ts';
import { createReplyReader } from './reply-reader.ts';

export interface Conversation {
  /** sends all lines in one write after the greeting; returns the reply to each. One call at a time; a HostError ends the conversation */
  say(lines: readonly string[], deadline: number): Promise<readonly BirdReply[]>;
  isOver(): boolean;
  /** without a pending call, the conversation no longer keeps the process alive */
  unref(): void;
  close(): void;
}

interface Fault {
  readonly code: string;
  readonly detail: string;
  readonly cause?: unknown;
}

/** A call that waits for replies. */
interface Turn {
  begin(): void;
  take(reply: BirdReply): void;
  fail(fault: Fault): void;
}

const ENDED = 'BIRD closed the session before its reply was whole';
const WORDS: Readonly<Record<string, string>> = {
  ECONNRESET: ENDED,
  ENOENT: 'BIRD is not running: its control socket is not there (systemctl start bird)',
  ECONNREFUSED: 'BIRD is not running: nobody listens on its control socket (systemctl start bird)',
  EACCES: 'permission denied; run as root or as a member of the group bird',
};

export const operationOf = (socket: string, command: string): string => `birdc ${command} (${socket})`;

/** @param held a path that leads to exactly the socket that was checked; `path` is its name in messages */
export function converse(path: string, held: string): Conversation {
  const socket = connect(held).setEncoding('utf8');
  let over: Fault | undefined;
  let greeted = false;
  let turn: Turn | undefined;

  function end(fault: Fault): void {
    over ??= fault;
    socket.destroy();
    turn?.fail(over);
  }

  listen(socket, end, (reply) => {
    if (greeted) turn?.take(reply);
    else if (reply.code === codes.greeting) {
      greeted = true;
      turn?.begin();
    } else end({ code: 'EPROTO', detail: `BIRD greeted with ${reply.code} instead of 0001` });
  });

  return {
    say: (lines, deadline) =>
      new Promise((resolve, reject) => {
        turn = createTurn({ path, lines, deadline, resolve, reject, end, write: (text) => void socket.write(text) });
        if (over !== undefined) turn.fail(over);
        else if (greeted) turn.begin();
      }),
    isOver: () => over !== undefined,
    unref: () => void socket.unref(),
    close: () => end({ code: 'ECONNRESET', detail: ENDED }),
  };
}

function listen(socket: Socket, end: (fault: Fault) => void, take: (reply: BirdReply) => void): void {
  const reader = createReplyReader();
  socket.on('data', (chunk: string) => {
    for (const reply of reader.push(chunk)) {
      if (reply === 'garbled') end({ code: 'EPROTO', detail: 'the program that answers on the socket is not BIRD' });
      else take(reply);
    }
  });
  socket.on('error', (error) => {
    const code = connectionErrno(error);
    end({ code, detail: WORDS[code] ?? error.message, cause: error });
  });
  socket.on('end', () => end({ code: 'ECONNRESET', detail: ENDED }));
}

interface Asked {
  readonly path: string;
  readonly lines: readonly string[];
  readonly deadline: number;
  readonly write: (text: string) => void;
  readonly end: (fault: Fault) => void;
  readonly resolve: (replies: readonly BirdReply[]) => void;
  readonly reject: (error: HostError) => void;
}

function createTurn({ path, lines, deadline, write, end, resolve, reject }: Asked): Turn {
  const replies: BirdReply[] = [];
  const waits = patience(deadline, () => {
    const detail = `BIRD gave no complete reply within ${deadline / 1000} s; it hangs or is very busy`;
    end({ code: 'ETIMEDOUT', detail });
  });
  return {
    begin: () => write(lines.map((line) => `${line}\n`).join('')),
    take(reply) {
      replies.push(reply);
      if (replies.length < lines.length) return;
      waits.end();
      resolve(replies);
    },
    fail(fault) {
      waits.end();
      reject(new HostError({ operation: operationOf(path, lines.at(-1) ?? ''), ...fault }));
    },
  };
}
