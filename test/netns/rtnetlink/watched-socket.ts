// The real socket with somebody looking on.
import { openNetlinkSocket, type NetlinkSocketFactory } from '../../../src/host/rtnetlink/netlink-socket.ts';

export interface Watcher {
  /** before each datagram that goes out */
  sent?(): void;
  /** before each datagram that came in is handed on */
  received?(): void;
}

export const watchedSocket =
  (watcher: Watcher): NetlinkSocketFactory =>
  (handlers) => {
    const socket = openNetlinkSocket({
      message: (bytes) => {
        watcher.received?.();
        handlers.message(bytes);
      },
      error: (error) => handlers.error(error),
    });
    return {
      send: (bytes) => {
        watcher.sent?.();
        socket.send(bytes);
      },
      close: () => socket.close(),
    };
  };
