// The process of the part inside: listens on its socket until it had no connection for a while, or is told to end.
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { dirname } from 'node:path';
import { hostError } from '../errno.ts';
import { createNftGeneration } from '../nft-generation.ts';
import { createNft } from '../nft.ts';
import { createRtnetlink } from '../rtnetlink/rtnetlink.ts';
import { startRtmon } from '../rtnetlink/rtmon.ts';
import { handleSignals } from '../signals.ts';
import { createSysctl } from '../sysctl.ts';
import { createWireguard } from '../wg/wireguard.ts';
import { ownNamespaceId } from './namespace-file.ts';
import { serveConnection } from './serve-connection.ts';

/** Longer than the pause between two commands of a script; the daemon is always connected. */
const IDLE_MS = 15_000;

export interface InsideOptions {
  readonly socket: string;
  readonly version: string;
  /** milliseconds without a connection, default 15000 */
  readonly idle?: number;
}

/** Resolves when the process is to end. Rejects with a HostError if it cannot listen. */
export async function serveInside({ socket: path, version, idle = IDLE_MS }: InsideOptions): Promise<void> {
  const over = Promise.withResolvers<undefined>();
  const end = (): void => over.resolve(undefined);
  const takeBack = handleSignals({ onEnd: end, onReload: () => undefined });
  let timer = setTimeout(end, idle);
  let connected = 0;
  let monitors = 0;
  const sysctl = createSysctl();
  const nft = createNft(createNftGeneration());
  const server = createServer((socket) => {
    connected++;
    clearTimeout(timer);
    socket.on('close', () => {
      if (--connected === 0) timer = setTimeout(end, idle);
    });
    serveConnection(socket, {
      hello: { pid: process.pid, version, netns: ownNamespaceId() },
      onEnd: end,
      startRtmon: (handlers) => startRtmon(handlers, `/run/wgospf/monitor.${process.pid}.${++monitors}`),
      services: (outsidePid) => {
        const rtnl = createRtnetlink({ outsidePid });
        const wg = createWireguard(rtnl);
        const close = (): void => {
          rtnl.close();
          wg.close();
        };
        return { rtnl, wg, sysctl, nft, close };
      },
    });
  });
  const inode = await listen(server, path);
  await over.promise;
  clearTimeout(timer);
  takeBack();
  removeOwn(path, inode);
}

/** Replaces an existing socket: of a dead part, or of one that hangs, which ends by itself when it continues. */
async function listen(server: Server, path: string): Promise<number> {
  const operation = `listen on ${path}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    rmSync(path, { force: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      // this call includes bind(2), which makes the file with mode 0777 minus the umask
      const umask = process.umask(0o177);
      server.listen(path, resolve);
      process.umask(umask);
    });
    return statSync(path).ino;
  } catch (error) {
    throw hostError(operation, error);
  }
}

/** Keeps the socket if another part has replaced it; server.close() would remove that one as well. */
function removeOwn(path: string, inode: number): void {
  if (statSync(path, { throwIfNoEntry: false })?.ino === inode) rmSync(path, { force: true });
}
