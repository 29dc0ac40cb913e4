// Starts wireguard-go, for kernels without WireGuard, so that it outlives the agent as a device of the kernel does.
import { existsSync, readlinkSync } from 'node:fs';
import { hasErrno, hostError } from '../errno.ts';
import { HostError, isHostError } from '../error.ts';
import { run } from '../processes.ts';
import { bySystemd } from '../systemd-unit.ts';
import { answers, linkExists, socketOf, until, waitFor } from './device.ts';

/** how long a wireguard-go that was just killed, or just lost its link, may take to end */
const SETTLE_MS = 1_000;
const TUN = '/dev/net/tun';

/**
 * Without `-f` wireguard-go first makes link and socket, then starts its daemon with both, and exits: with 0 if both exist,
 * else with a message. Does nothing if it runs already; EEXIST if another link has the name.
 */
export async function startUserspace(dev: string): Promise<void> {
  const operation = `start wireguard-go ${dev}`;
  if (await runsAlready(dev, operation)) return;
  const asUnit = bySystemd();
  // The daemon's unit sees no devices (PrivateDevices=); the unit of wireguard-go does, and its failure is reported.
  if (!asUnit && !existsSync(TUN)) {
    const detail = `${TUN} does not exist: modprobe tun (in a container: pass the device in)`;
    throw new HostError({ operation, code: 'ENODEV', detail });
  }
  try {
    // LOG_LEVEL is unset: errors of the start are printed; the output of wireguard-go's daemon goes to /dev/null
    if (asUnit) await startUnit(dev, operation);
    else await run('wireguard-go', [dev], { operation, detached: true, complainsOnStdout: true });
  } catch (error) {
    throw explained(error, dev, operation);
  }
  await until(async () => (await answers(dev)) && (await linkExists(dev)), {
    operation,
    detail: `its socket ${socketOf(dev)} does not answer`,
  });
}

/** Link and socket appear and disappear together; one without the other starts, ends, or is not wireguard-go's. */
async function runsAlready(dev: string, operation: string): Promise<boolean> {
  const look = (): Promise<[boolean, boolean]> => Promise.all([linkExists(dev), answers(dev)]);
  const alike = async (): Promise<boolean> => {
    const [link, socket] = await look();
    return link === socket;
  };
  if (await waitFor(alike, SETTLE_MS)) return linkExists(dev);
  const [link] = await look();
  throw new HostError(
    link
      ? {
          operation,
          code: 'EEXIST',
          detail: `a link ${dev} exists that is not wireguard-go's: ip -d link show ${dev}`,
        }
      : { operation, code: 'EBUSY', detail: `${socketOf(dev)} answers, but its link has another name or namespace` },
  );
}

const unitOf = (dev: string): string => `wgospf-wireguard-go-${dev}`;

const startUnit = (dev: string, operation: string): Promise<string> =>
  run('systemd-run', systemdRunArguments(dev, foreignNamespace()), { operation });

/** In its own unit: systemd ends every process in our service's cgroup when the service stops (KillMode=). */
export function systemdRunArguments(dev: string, netns: string | undefined): string[] {
  return [
    '--quiet',
    '--collect',
    `--unit=${unitOf(dev)}`,
    `--description=wireguard-go for ${dev}`,
    // wireguard-go forks, and its first process exits when link and socket exist
    '--service-type=forking',
    '--property=Restart=no',
    ...(netns === undefined ? [] : [`--property=NetworkNamespacePath=${netns}`]),
    'wireguard-go',
    dev,
  ];
}

/**
 * systemd would start the unit in its own network namespace; returns the path of ours if it may be a different one. An agent with
 * fewer capabilities than pid 1 cannot read its namespace (ptrace(2), PTRACE_MODE_READ); then the path of ours is correct too.
 */
function foreignNamespace(): string | undefined {
  const path = `/proc/${process.pid}/ns/net`;
  try {
    return readlinkSync('/proc/self/ns/net') === readlinkSync('/proc/1/ns/net') ? undefined : path;
  } catch (error) {
    if (hasErrno(error, 'EACCES', 'ENOENT', 'EPERM')) return path;
    throw error;
  }
}

function explained(error: unknown, dev: string, operation: string): HostError {
  if (!isHostError(error)) return hostError(operation, error);
  // removes the framed advice to prefer the kernel's WireGuard, which this kernel does not have
  const words = error.detail.replaceAll(/^[┌│└].*\n?/gm, '').trim();
  const told = (code: string, detail: string): HostError => new HostError({ operation, code, detail, cause: error });
  if (/permission denied|operation not permitted/i.test(words)) return told('EPERM', `${words}; run as root`);
  // systemd-run's message; without systemd it is an ENOENT of `run`
  if (words.includes('Failed to find executable')) return told('ENOENT', `${words}; apt install wireguard-go`);
  // a unit that fails writes the reason only to the journal
  if (words.startsWith('systemd-run')) return told(error.code, `${words}; journalctl -u ${unitOf(dev)} tells why`);
  return told(error.code, words);
}
