// The interface to the kernel: a netlink socket, which only sends and receives datagrams.
import { RawNetlinkSocket } from 'netlink/dist/raw.js';
import { createStrictness } from './strict-checking.ts';

export interface NetlinkHandlers {
  /** one datagram from the kernel */
  message(bytes: Buffer): void;
  /** the socket cannot be used any more: answers were lost (ENOBUFS) or it is broken */
  error(error: Error): void;
}

export interface NetlinkSocket {
  send(bytes: Buffer): void;
  close(): void;
}

export type NetlinkSocketFactory = (handlers: NetlinkHandlers) => NetlinkSocket;

/** linux/netlink.h */
const NETLINK_ROUTE = 0;
const NETLINK_NETFILTER = 12;
const NETLINK_GENERIC = 16;
/** The requested size; the kernel gives at most net.core.rmem_max (doubled). */
const RECEIVE_BUFFER = 1 << 20;
const SEND_BUFFER = 1 << 18;

/**
 * The `netlink` package's raw socket. An exception thrown in one of its callbacks, or an `error` event without a listener,
 * aborts the process: so each callback catches, and there is always a listener. To close the socket inside one of its callbacks
 * frees memory in use there, so close() waits for the next turn of the event loop. A receive buffer that overflows aborts the
 * process too (libuv reports the socket's ENOBUFS as EBADF, and the package then makes a string of a null pointer), so the
 * sender must leave room for the answers: queue.ts keeps batches small.
 */
export function openNetlinkSocket(handlers: NetlinkHandlers): NetlinkSocket {
  const socket = new RawNetlinkSocket(NETLINK_ROUTE, { recvBufferSize: RECEIVE_BUFFER, sendBufferSize: SEND_BUFFER });
  return listening(
    socket,
    handlers,
    createStrictness(() => socket.address().port),
  );
}

/** For one question and its short answer at a time. */
export const openNetfilterSocket: NetlinkSocketFactory = (handlers) =>
  listening(new RawNetlinkSocket(NETLINK_NETFILTER), handlers);

/** Generic netlink: families of kernel modules, for example WireGuard's. */
export const openGenericSocket: NetlinkSocketFactory = (handlers) => {
  const sizes = { recvBufferSize: RECEIVE_BUFFER, sendBufferSize: SEND_BUFFER };
  return listening(new RawNetlinkSocket(NETLINK_GENERIC, sizes), handlers);
};

interface Ears {
  readonly fail: (error: unknown) => void;
  readonly isOpen: () => boolean;
}

function hear(socket: RawNetlinkSocket, handlers: Pick<NetlinkHandlers, 'message'>, { fail, isOpen }: Ears): void {
  socket.on('error', fail);
  socket.on('truncatedMessage', () => fail(new Error('a netlink datagram was cut off')));
  socket.on('message', (bytes, from) => {
    try {
      // any process can send to our port; only port 0 is the kernel
      if (from.port === 0 && isOpen()) handlers.message(bytes);
    } catch (error) {
      fail(error);
    }
  });
  socket.unref();
}

function listening(
  socket: RawNetlinkSocket,
  handlers: NetlinkHandlers,
  beforeSending: (bytes: Buffer) => void = () => undefined,
): NetlinkSocket {
  let open = true;
  const fail = (error: unknown): void => {
    try {
      if (open) handlers.error(error instanceof Error ? error : new Error(String(error)));
    } catch (thrown) {
      // outside the package's callback, where it would abort the process without a message
      setImmediate(() => {
        throw thrown;
      });
    }
  };
  hear(socket, handlers, { fail, isOpen: () => open });
  return {
    send: (bytes) => {
      beforeSending(bytes);
      socket.send(bytes, {}, (error) => {
        if (error !== undefined) fail(error);
      });
    },
    close: () => {
      open = false;
      setImmediate(() => socket.close());
    },
  };
}
