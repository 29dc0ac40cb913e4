// Only one wgospf changes a network namespace at a time.
import { createServer } from 'node:net';
import { hasErrno, hostError } from './errno.ts';
import { HostError } from './error.ts';

/**
 * An abstract Unix socket (unix(7)): there is one such name in each network namespace, which is just the scope of what we
 * change, and the kernel drops it with its holder, however that one ends. No file, nothing stale.
 */
const NAME = '\0wgospf.apply';

/** Takes the lock or throws a HostError EBUSY; the result gives it back. Held, it does not keep the process alive. */
export function takeLock(): Promise<() => void> {
  const operation = 'take the lock of this network namespace';
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error) => {
      const detail = 'another wgospf is at work here; wait for it (ss -xlp src @wgospf.apply shows its pid)';
      const busy = hasErrno(error, 'EADDRINUSE');
      reject(busy ? new HostError({ operation, code: 'EBUSY', detail, cause: error }) : hostError(operation, error));
    });
    server.listen(NAME, () => {
      server.unref();
      resolve(() => void server.close());
    });
  });
}
