// Sends requests in one datagram and gives each its answer, matched by sequence number. One exchange at a time: the kernel
// runs one dump a socket, and unread acknowledgements must fit in the receive buffer.
import { HostError } from '../error.ts';
import { patience } from '../patience.ts';
import { NLMSG_DONE, NLMSG_ERROR, NLM_F_DUMP_INTR } from './constants.ts';
import { errnoOf, readMessages, setSequence, type Message } from './message.ts';
import type { NetlinkSocket, NetlinkSocketFactory } from './netlink-socket.ts';

export interface Request {
  /** a whole message; its sequence number is set here */
  readonly message: Buffer;
  /** each answer before the acknowledgement or the end of the dump */
  readonly onAnswer?: (answer: Message) => void;
}

export interface Answer {
  /** 0 for success */
  readonly errno: number;
  /** NLM_F_DUMP_INTR: the objects changed while they were listed, so some may be missing or twice */
  readonly interrupted: boolean;
}

export interface Transport {
  /** Rejects with a HostError where the socket failed or the kernel gave no answer in time; the outcome is then unknown. */
  exchange(operation: string, requests: readonly Request[]): Promise<Answer[]>;
  close(): void;
}

export interface TransportOptions {
  readonly openSocket: NetlinkSocketFactory;
  /** milliseconds for an answer of an exchange, each, in which it could have been read */
  readonly deadline: number;
  /** keys travel in both directions: what was sent and heard is overwritten as soon as it was read */
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

export function createTransport({ openSocket, deadline, secret = false }: TransportOptions): Transport {
  let socket: NetlinkSocket | undefined;
  let pending: Pending | undefined;
  let sequence = 0;
  let closed = false;

  const drop = (): void => {
    socket?.close();
    socket = undefined;
  };
  const open = (): NetlinkSocket => {
    const opened = openSocket({
      message: (bytes) => {
        try {
          if (socket === opened && pending !== undefined) receive(pending, bytes);
        } catch (error) {
          drop();
          pending?.fail('EBADMSG', 'an answer of the kernel could not be read', error);
        } finally {
          if (secret) bytes.fill(0);
        }
      },
      error: (error) => {
        if (socket !== opened) return;
        drop();
        pending?.fail('ENOBUFS', lost, error);
      },
    });
    return opened;
  };

  return {
    exchange: (operation, requests) =>
      new Promise((resolve, reject) => {
        if (closed) throw new HostError({ operation, code: 'ECANCELED', detail: 'the netlink socket was closed' });
        if (pending !== undefined) throw new Error('one netlink exchange at a time');
        const first = sequence + 1;
        sequence += requests.length;
        const sent = join(requests, first);
        const end = (settle: () => void): void => {
          waits.end();
          if (secret) sent.fill(0);
          pending = undefined;
          settle();
        };
        const exchange: Pending = {
          requests,
          first,
          answers: [],
          missing: requests.length,
          interrupted: false,
          heard: () => waits.heard(),
          finish: () => end(() => resolve(exchange.answers as Answer[])),
          fail: (code, detail, cause) => end(() => reject(new HostError({ operation, code, detail, cause }))),
        };
        pending = exchange;
        const waits = patience(deadline, () => {
          drop();
          exchange.fail('ETIMEDOUT', `the kernel gave no answer within ${deadline / 1000} s`);
        });
        try {
          socket ??= open();
          socket.send(sent);
        } catch (error) {
          drop();
          exchange.fail(systemCode(error), 'the netlink socket could not be used', error);
        }
      }),
    close: () => {
      closed = true;
      drop();
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

/** Answers to earlier exchanges (of a dump that was given up, say) match no sequence number and are passed over. */
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
