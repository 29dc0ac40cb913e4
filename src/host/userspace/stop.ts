// Ends a wireguard-go process.
import { unlink } from 'node:fs/promises';
import { hasErrno, hostError } from '../errno.ts';
import { linkExists, openSession, socketOf, until } from './device.ts';

/**
 * wireguard-go ends itself when its socket is unlinked (ipc/uapi_linux.go watches it), and its link goes with it. A
 * session that stays open meanwhile ends with the process, so its ports are free when this returns. No error if it does
 * not run; removes the socket that a dead process left behind.
 */
export async function stopUserspace(dev: string): Promise<void> {
  const operation = `stop wireguard-go ${dev}`;
  const session = await openSession(dev);
  await unlink(socketOf(dev)).catch((error: unknown) => {
    if (!hasErrno(error, 'ENOENT')) throw hostError(operation, error);
  });
  if (session === undefined) return;
  let ended = false;
  session.once('close', () => (ended = true));
  session.resume();
  try {
    await until(async () => ended && !(await linkExists(dev)), {
      operation,
      detail: `it does not end although its socket is gone; end it by hand: pkill -f 'wireguard-go ${dev}$'`,
    });
  } finally {
    session.destroy();
  }
}
