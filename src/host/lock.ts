// Only one wgospf changes a network namespace at a time, and who comes second learns who the first is.
import { connect, createServer } from 'node:net';
import { hasErrno, hostError } from './errno.ts';
import { HostError } from './error.ts';

/**
 * An abstract Unix socket (unix(7)): there is one such name in each network namespace, which is just the scope of what we
 * change, and the kernel drops it with its holder, however that one ends. No file, nothing stale.
 */
const NAME = '\0wgospf.apply';

const OPERATION = 'take the lock of this network namespace';

/** the holder may be stopped (SIGSTOP) and say nothing */
const ANSWER_MS = 500;

/** `run`: the daemon, which holds it for all of its life; `apply`: a command, for one pass. */
export type LockHolder = 'run' | 'apply';

/** Takes the lock or throws a HostError EBUSY; the result gives it back. Held, it does not keep the process alive. */
export async function takeLock(as: LockHolder = 'apply'): Promise<() => void> {
  try {
    return await listen(`${as} ${process.pid}\n`);
  } catch (error) {
    if (!hasErrno(error, 'EADDRINUSE')) throw hostError(OPERATION, error);
    throw new HostError({ operation: OPERATION, code: 'EBUSY', detail: busy(await askHolder()), cause: error });
  }
}

function listen(greeting: string): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined); // who asked may be gone already
      socket.end(greeting, () => socket.destroy());
    });
    server.once('error', reject);
    server.listen(NAME, () => {
      server.unref();
      resolve(() => void server.close());
    });
  });
}

/** What the holder says of itself; '' where it says nothing. */
function askHolder(): Promise<string> {
  return new Promise((resolve) => {
    let said = '';
    const socket = connect(NAME);
    socket.setEncoding('utf8').setTimeout(ANSWER_MS, () => socket.destroy());
    socket.on('data', (text: string) => (said += text));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(said));
  });
}

function busy(holder: string): string {
  const [, as, pid] = /^(run|apply) (\d+)\n/.exec(holder) ?? [];
  if (as === 'run') {
    return (
      `the wgospf daemon (pid ${pid ?? ''}) is at work here and applies the state file by itself; ` +
      `wgospf reload makes it do so now, systemctl stop wgospf ends it and leaves the network as it is`
    );
  }
  const who = pid === undefined ? 'ss -xlp src @wgospf.apply shows its pid' : `its pid is ${pid}`;
  return `another wgospf is at work here; wait for it (${who})`;
}
