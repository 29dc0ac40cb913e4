// The kernel side of the socket: accepts datagrams, and answers each message as a test says.
import type { NetlinkHandlers, NetlinkSocketFactory } from '../../../src/host/rtnetlink/netlink-socket.ts';
import { readMessages } from '../../../src/host/rtnetlink/message.ts';
import { acknowledge } from './wire.ts';

/** The answers to one message; an empty list leaves it unanswered. */
export type Respond = (message: Buffer) => readonly Buffer[];

export interface FakeKernel {
  readonly openSocket: NetlinkSocketFactory;
  /** the messages of each datagram, in order */
  readonly datagrams: Buffer[][];
  /** one entry a socket, in the order of opening */
  readonly sockets: { readonly handlers: NetlinkHandlers; closed: boolean }[];
  respond: Respond;
}

export const acknowledgeAll: Respond = (message) => [acknowledge(message)];

/** Answers arrive one turn of the loop later, each in a separate datagram. */
export function createFakeKernel(respond: Respond = acknowledgeAll): FakeKernel {
  const kernel: FakeKernel = {
    respond,
    datagrams: [],
    sockets: [],
    openSocket: (handlers) => {
      const socket = { handlers, closed: false };
      kernel.sockets.push(socket);
      return {
        send: (bytes) => {
          const messages = readMessages(bytes).map(({ start, end }) => bytes.subarray(start - 16, end));
          kernel.datagrams.push(messages);
          const answers = messages.flatMap((message) => kernel.respond(message));
          setImmediate(() => answers.forEach((answer) => handlers.message(answer)));
        },
        close: () => {
          socket.closed = true;
        },
      };
    },
  };
  return kernel;
}
