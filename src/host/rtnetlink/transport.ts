// Sends requests in one datagram and matches each answer to its request by sequence number. One exchange at a time: the kernel
// runs one dump per socket, and unread acknowledgements must fit in the receive buffer.
import { HostError } from '../error.ts';
import { patience } from '../patience.ts';
import { NLMSG_DONE, NLMSG_ERROR, NLM_F_DUMP_INTR } from './constants.ts';
import { errnoOf, readMessages, setSequence, type Message } from './message.ts';
import type { NetlinkSocket, NetlinkSocketFactory } from './netlink-socket.ts';

export interface Request {
  /** a complete message; its sequence number is set here */
  readonly message: Buffer;
  /** called with each answer before the acknowledgement or the end of the dump */
  readonly onAnswer?: (answer: Message) => void;
}

export interface Answer {
  /** 0 for success */
  readonly errno: number;
  /** NLM_F_DUMP_INTR: the objects changed while they were listed, so some may be missing or listed twice */
  readonly interrupted: boolean;
}

export interface Transport {
  /** Rejects with a HostError if the socket failed or the kernel gave no answer in time; the outcome is then unknown. */
  exchange(operation: string, requests: readonly Request[]): Promise<Answer[]>;
  close(): void;
}

export interface TransportOptions {
  readonly openSocket: NetlinkSocketFactory;
  /** milliseconds to wait for each answer of an exchange; only time in which it could have been read counts (patience.ts) */
  readonly deadline: number;
  /** messages contain keys: overwrite what was sent and received as soon as it was read */
  readonly secret?: boolean;
}

/** An exchange whose answers are awaited. */
interface Pending {
  readonly requests: readonly Request[];
  readonly first: number;
  readonly answers: (Answer | undefined)[];
  missing: number;
  interrupted: boolean;
  heard(): void;
  finish(): void;
  fail(code: string, detail: string, cause?: unknown): void;
}

const lost = 'the kernel dropped its answers: the receive buffer was full, or the socket broke';

interface Exchange {
  readonly operation: string;
  readonly requests: readonly Request[];
  /** the sequence number of the first request */
  readonly first: number;
  readonly deadline: number;
  /** called before the promise settles */
  readonly onEnd: () => void;
  readonly onLate: () => void;
}

function startExchange({ operation, requests, first, deadline, onEnd, onLate }: Exchange): {
  readonly pending: Pending;
  readonly answered: Promise<Answer[]>;
} {
  const { promise: answered, resolve, reject } = Promise.withResolvers<Answer[]>();
  const end = (settle: () => void): void => {
    waits.end();
    onEnd();
    settle();
  };
  const pending: Pending = {
    requests,
    first,
    answers: [],
    missing: requests.length,
    interrupted: false,
    heard: () => waits.heard(),
    finish: () => end(() => resolve(pending.answers as Answer[])),
    fail: (code, detail, cause) => end(() => reject(new HostError({ operation, code, detail, cause }))),
  };
  const waits = patience(deadline, () => {
    onLate();
    pending.fail('ETIMEDOUT', `the kernel gave no answer within ${deadline / 1000} s`);
  });
  return { pending, answered };
}

interface Channel {
  /** opens a socket if there is none; throws the system's error */
  send(bytes: Buffer): void;
  drop(): void;
}

interface Listener {
  readonly message: (bytes: Buffer) => void;
  /** the socket was closed because it failed, or because a message could not be decoded */
  readonly broken: (code: string, detail: string, error: unknown) => void;
}

/** @param secret overwrite what was received as soon as it was read */
function createChannel(openSocket: NetlinkSocketFactory, secret: boolean, listener: Listener): Channel {
  let socket: NetlinkSocket | undefined;
  const drop = (): void => {
    socket?.close();
    socket = undefined;
  };
  const open = (): NetlinkSocket => {
    const opened = openSocket({
      message: (bytes) => {
        try {
          if (socket === opened) listener.message(bytes);
        } catch (error) {
          drop();
          listener.broken('EBADMSG', 'an answer of the kernel could not be read', error);
        } finally {
          if (secret) bytes.fill(0);
        }
      },
      error: (error) => {
        if (socket !== opened) return;
        drop();
        listener.broken('ENOBUFS', lost, error);
      },
    });
    return opened;
  };
  return {
    drop,
    send(bytes) {
      socket ??= open();
      socket.send(bytes);
    },
  };
}

export function createTransport({ openSocket, deadline, secret = false }: TransportOptions): Transport {
  let pending: Pending | undefined;
  let sequence = 0;
  let closed = false;
  const channel = createChannel(openSocket, secret, {
    message: (bytes) => (pending === undefined ? undefined : receive(pending, bytes)),
    broken: (code, detail, error) => pending?.fail(code, detail, error),
  });

  /** Sends before it returns, so that the messages have the order of the calls. */
  async function exchange(operation: string, requests: readonly Request[]): Promise<Answer[]> {
    if (closed) throw new HostError({ operation, code: 'ECANCELED', detail: 'the netlink socket was closed' });
    if (pending !== undefined) throw new Error('one netlink exchange at a time');
    const first = sequence + 1;
    sequence += requests.length;
    const sent = join(requests, first);
    const onEnd = (): void => {
      if (secret) sent.fill(0);
      pending = undefined;
    };
    const started = startExchange({ operation, requests, first, deadline, onEnd, onLate: () => channel.drop() });
    pending = started.pending;
    try {
      channel.send(sent);
    } catch (error) {
      channel.drop();
      pending.fail(systemCode(error), 'the netlink socket could not be used', error);
    }
    return started.answered;
  }

  return {
    exchange,
    close: () => {
      closed = true;
      channel.drop();
      pending?.fail('ECANCELED', 'the netlink socket was closed');
    },
  };
}

const systemCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'EIO';

function join(requests: readonly Request[], first: number): Buffer {
  requests.forEach(({ message }, index) => setSequence(message, (first + index) >>> 0));
  return Buffer.concat(requests.map(({ message }) => message));
}

/** Ignores answers to earlier exchanges (for example of an abandoned dump): they match no sequence number. */
function receive(pending: Pending, bytes: Buffer): void {
  pending.heard();
  for (const message of readMessages(bytes)) {
    const index = (message.sequence - pending.first) >>> 0;
    const request = pending.requests[index];
    if (request === undefined || pending.answers[index] !== undefined) continue;
    if ((message.flags & NLM_F_DUMP_INTR) !== 0) pending.interrupted = true;
    if (message.type === NLMSG_ERROR || message.type === NLMSG_DONE) {
      pending.answers[index] = { errno: errnoOf(message), interrupted: pending.interrupted };
      pending.missing -= 1;
    } else request.onAnswer?.(message);
  }
  if (pending.missing === 0) pending.finish();
}
