// The life of wireguard-go, for kernels without WireGuard. It is nobody's child: it must outlive the agent, as a kernel
// device would, and its socket and link are the only handles on it.
import { existsSync, readlinkSync } from 'node:fs';
import { readdir, readFile, unlink } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { errnoOf, hasErrno, hostError } from './errno.ts';
import { HostError, isHostError } from './error.ts';
import { run } from './processes.ts';

/** Where wireguard-go listens and `wg` looks (RUNSTATEDIR of both). */
const SOCKETS = '/var/run/wireguard';
const socketOf = (dev: string): string => `${SOCKETS}/${dev}.sock`;

const DEADLINE_MS = 5_000;
const POLL_MS = 20;

/**
 * Without `-f` wireguard-go makes link and socket first, starts its daemon with both, and exits: 0 says that they are
 * there, else its own words say why not. So its two ends need no polling, and what goes wrong has a message.
 */
export async function startUserspace(dev: string): Promise<void> {
  const operation = `start wireguard-go ${dev}`;
  if (await answers(dev)) return;
  if (await linkExists(dev)) {
    const detail = `a link ${dev} is there without a wireguard-go that answers; see ip -d link show ${dev}`;
    throw new HostError({ operation, code: 'EEXIST', detail });
  }
  try {
    // LOG_LEVEL unset: errors while starting reach us, the daemon's own stdio is /dev/null
    if (existsSync('/run/systemd/system'))
      await run('systemd-run', systemdRunArguments(dev, foreignNamespace()), { operation });
    else await run('wireguard-go', [dev], { operation, detached: true, complainsOnStdout: true });
  } catch (error) {
    throw explained(error, operation);
  }
  await until(async () => (await answers(dev)) && (await linkExists(dev)), {
    operation,
    detail: `its socket ${socketOf(dev)} does not answer`,
  });
}

/** In a unit of its own: systemd ends whatever is in our service's cgroup when the service stops (KillMode=). */
export function systemdRunArguments(dev: string, netns: string | undefined): string[] {
  return [
    '--quiet',
    '--collect',
    `--unit=wgospf-wireguard-go-${dev}`,
    `--description=wireguard-go for ${dev}`,
    // wireguard-go forks, and its first process exits when link and socket are there
    '--service-type=forking',
    '--property=Restart=no',
    ...(netns === undefined ? [] : [`--property=NetworkNamespacePath=${netns}`]),
    'wireguard-go',
    dev,
  ];
}

/** systemd would start the unit in its own network namespace; the path of ours where that is another. */
function foreignNamespace(): string | undefined {
  const own = readlinkSync('/proc/self/ns/net');
  return own === readlinkSync('/proc/1/ns/net') ? undefined : `/proc/${process.pid}/ns/net`;
}

const CURES: readonly (readonly [RegExp, string, string])[] = [
  [/\/dev\/net\/tun does not exist/, 'ENODEV', 'modprobe tun (in a container: pass /dev/net/tun in)'],
  [/permission denied|operation not permitted/i, 'EPERM', 'run as root'],
  // systemd-run's words; without systemd it is an ENOENT of `run`
  [/Failed to find executable/, 'ENOENT', 'apt install wireguard-go'],
];

function explained(error: unknown, operation: string): HostError {
  if (!isHostError(error)) return hostError(operation, error);
  // a frame of advice to prefer the kernel's WireGuard, which this kernel does not have
  const words = error.detail.replaceAll(/^[┌│└].*\n?/gm, '').trim();
  const known = CURES.find(([pattern]) => pattern.test(words));
  if (known === undefined) return new HostError({ operation, code: error.code, detail: words, cause: error });
  return new HostError({ operation, code: known[1], detail: `${words}; ${known[2]}`, cause: error });
}

/**
 * wireguard-go ends itself when its socket is unlinked (device/uapi_linux.go watches it), and its link goes with it. A
 * session held open meanwhile ends with the process, so that its ports are free when this returns.
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
      detail: `it does not end though its socket is gone; end it by hand: pkill -xf "wireguard-go ${dev}"`,
    });
  } finally {
    session.destroy();
  }
}

export async function userspaceDevices(): Promise<string[]> {
  const names = await readdir(SOCKETS).catch((error: unknown) => {
    if (hasErrno(error, 'ENOENT')) return [];
    throw hostError(`list ${SOCKETS}`, error);
  });
  const devices = names.filter((n) => n.endsWith('.sock')).map((n) => n.slice(0, -'.sock'.length));
  const live = await Promise.all(devices.map(answers));
  return devices.filter((_, i) => live[i]).sort();
}

async function answers(dev: string): Promise<boolean> {
  const session = await openSession(dev);
  session?.destroy();
  return session !== undefined;
}

/** A connection to DEV's wireguard-go; undefined where there is no socket or a dead process left it behind. */
function openSession(dev: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketOf(dev));
    socket.once('connect', () => {
      socket.on('error', () => undefined); // ECONNRESET of one that ends
      resolve(socket);
    });
    socket.once('error', (error) => {
      if (['ENOENT', 'ECONNREFUSED'].includes(errnoOf(error))) resolve(undefined);
      else reject(hostError(`connect to ${socketOf(dev)}`, error));
    });
  });
}

/** In our own network namespace, which /sys need not show: sysfs belongs to the one that mounted it. */
async function linkExists(dev: string): Promise<boolean> {
  const text = await readFile('/proc/self/net/dev', 'utf8');
  return text.split('\n').some((line) => line.trimStart().startsWith(`${dev}:`));
}

async function until(met: () => Promise<boolean>, error: { operation: string; detail: string }): Promise<void> {
  const end = performance.now() + DEADLINE_MS;
  while (!(await met())) {
    if (performance.now() > end) throw new HostError({ ...error, code: 'ETIMEDOUT' });
    await sleep(POLL_MS);
  }
}
