// Commands and questions to BIRD's control socket: each in its own session, which ends when the socket is closed. Questions that are
// repeated use one session that stays open.
import { lstatSync } from 'node:fs';
import { withSocket } from '../open-socket.ts';
import { HostError, isHostError } from '../error.ts';
import type { BirdReply } from '../types.ts';
import { converse, operationOf, type Conversation } from './conversation.ts';
import { codes } from './reply-codes.ts';

const DEADLINE_MS = 5_000;

/** Sends one command and returns the reply that follows the greeting. */
export async function birdCommand(socket: string, command: string, deadline?: number): Promise<BirdReply> {
  return last(await session(socket, [command], deadline));
}

/**
 * The same in a session that is restricted before the question is asked, so that no question can change anything: BIRD answers
 * 8007 to every command that would. Both lines go in one write.
 */
export async function birdQuestion(socket: string, question: string, deadline?: number): Promise<BirdReply> {
  const replies = await session(socket, ['restrict', question], deadline);
  requireRestricted(socket, question, replies[0]);
  return last(replies);
}

function requireRestricted(socket: string, question: string, reply: BirdReply | undefined): void {
  if (reply?.code === codes.restricted) return;
  const detail = `BIRD does not restrict the session: ${reply?.lines.at(-1)?.text ?? ''}`;
  throw new HostError({ operation: operationOf(socket, question), code: 'EPROTO', detail });
}

function last(replies: readonly BirdReply[]): BirdReply {
  const reply = replies.at(-1);
  if (reply === undefined) throw new Error('a conversation without a reply');
  return reply;
}

/** Sends all commands in one write after the greeting, and returns the reply to each. */
const session = (path: string, commands: readonly string[], deadline = DEADLINE_MS): Promise<readonly BirdReply[]> =>
  withSocket(path, async (held) => {
    requireLines(path, commands);
    const talk = converse(path, held);
    try {
      return await talk.say(commands, deadline);
    } finally {
      talk.close();
    }
  });

function requireLines(path: string, commands: readonly string[]): void {
  if (!/[\n\r]/.test(commands.join(''))) return;
  const operation = operationOf(path, commands.at(-1) ?? '');
  throw new HostError({ operation, code: 'EINVAL', detail: 'a command is one line' });
}

interface Kept {
  readonly path: string;
  /** inode of the socket: another BIRD makes another one */
  readonly inode: number;
  readonly talk: Conversation;
}

/**
 * Like birdQuestion, one question after the other, in a session that stays open until BIRD ends or another socket is asked: a
 * question is then one write and one read. The session does not keep the process alive.
 */
export function createPoll(): (socket: string, question: string, deadline?: number) => Promise<BirdReply> {
  let kept: Kept | undefined;

  async function open(path: string, question: string, deadline: number): Promise<Kept> {
    const inode = inodeOf(path);
    const talk = await withSocket(path, async (held) => {
      const begun = converse(path, held);
      const [reply] = await begun.say(['restrict'], deadline);
      requireRestricted(path, question, reply);
      begun.unref();
      return begun;
    });
    return (kept = { path, inode, talk });
  }

  return async (path, question, deadline = DEADLINE_MS) => {
    requireLines(path, [question]);
    const before = kept;
    const isGood = before?.path === path && before.inode === inodeOf(path) && !before.talk.isOver();
    if (!isGood) before?.talk.close();
    try {
      return last(await (isGood ? before : await open(path, question, deadline)).talk.say([question], deadline));
    } catch (error) {
      kept?.talk.close();
      // this BIRD ended after the last question; another one may listen now
      if (isGood && isHostError(error, 'ECONNRESET'))
        return last(await session(path, ['restrict', question], deadline));
      throw error;
    }
  };
}

/** 0 if there is no socket: the error of connect(2) then says why. */
function inodeOf(path: string): number {
  try {
    return lstatSync(path).ino;
  } catch {
    return 0;
  }
}
