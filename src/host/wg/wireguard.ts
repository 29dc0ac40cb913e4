// WireGuard devices of our network namespace: those of the kernel by netlink, those of wireguard-go by their sockets. The `wg` tool
// (wg(8)) saves the secrets of a live device, and on request gives a new device its first configuration.
import { HostError, isHostError } from '../error.ts';
import { perTurn } from '../netns/per-turn.ts';
import { exitStatus, run, type RunOptions } from '../processes.ts';
import type { Rtnetlink, WgDeviceConfig, Wireguard } from '../types.ts';
import { openSession, userspaceDevices } from '../userspace/device.ts';
import { startUserspace } from '../userspace/start.ts';
import { stopUserspace } from '../userspace/stop.ts';
import { tell } from '../userspace/tell.ts';
import { patchOfChange, patchOfConfig, wipe, type DevicePatch } from './device-patch.ts';
import { createDevices } from './devices.ts';
import { createKernelWireguard, type KernelWireguard } from './netlink/kernel-wireguard.ts';
import { zoneOf, type Zones } from './netlink/socket-address.ts';
import { renderSetconf } from './render-setconf.ts';
import { createSave } from './save.ts';
import { scrub } from './scrub.ts';
import { isEmptyChange, setArguments } from './set-arguments.ts';

type Links = Pick<Rtnetlink, 'links'>;

/** @param rtnl of our own network namespace, which has the devices */
export function createWireguard(
  rtnl: Links,
  kernel: KernelWireguard = createKernelWireguard(),
): Wireguard & { readonly close: () => void } {
  const devices = createDevices({ kernel, links: () => rtnl.links() });
  const set = createSet(rtnl, kernel);
  return {
    devices,
    setconf: (dev, config, setup) =>
      setup === 'wg'
        ? setconf(dev, config)
        : set(dev, `wg setconf ${dev}`, (operation) => patchOfConfig(config, operation)),
    set: async (dev, change) => {
      if (isEmptyChange(change)) return;
      const command = `wg ${setArguments(dev, change).join(' ')}`;
      await set(dev, command, (operation) => patchOfChange(change, operation));
    },
    save: createSave(wg),
    ...{ startUserspace, stopUserspace, userspaceDevices },
    close: () => kernel.close(),
  };
}

type Set = (dev: string, operation: string, read: (operation: string) => Promise<DevicePatch>) => Promise<void>;

/** Sets a device, of the kernel or of wireguard-go. `operation` is the command that a person would type for it. */
function createSet(rtnl: Links, kernel: KernelWireguard): Set {
  const together = createGathering();
  return async (dev, operation, read) => {
    const patch = await together(read(operation));
    try {
      const session = await openSession(dev);
      // sockets are files, which every namespace sees: this one may belong to a device in another namespace
      const link = session && (await rtnl.links()).find(({ name }) => name === dev);
      if (session !== undefined && link !== undefined && link.kind !== 'wireguard') {
        await tell(operation, dev, session, patch);
      } else {
        session?.destroy();
        await kernel.set(operation, dev, patch, await zonesOf(patch, rtnl));
      }
    } finally {
      wipe(patch);
    }
  };
}

/** Lists the links only if an endpoint names one. */
async function zonesOf({ peers }: DevicePatch, rtnl: Links): Promise<Pick<Zones, 'indexOf'>> {
  const named = peers.some(({ endpoint }) => endpoint !== undefined && zoneOf(endpoint) !== undefined);
  const links = named ? await rtnl.links() : [];
  return { indexOf: (zone) => links.find(({ name }) => name === zone)?.index };
}

/** Holds the patches of one turn of the event loop until all are read, so that they can be sent in one buffer. */
function createGathering(): (patch: Promise<DevicePatch>) => Promise<DevicePatch> {
  const gather = perTurn<{ patch: Promise<DevicePatch>; go: () => void }>((items) => {
    void Promise.allSettled(items.map(({ patch }) => patch)).then(() => items.forEach(({ go }) => go()));
  });
  return async (patch) => {
    patch.catch(() => undefined); // the error is thrown below
    await new Promise<void>((go) => gather({ patch, go }));
    return patch;
  };
}

async function setconf(dev: string, config: WgDeviceConfig): Promise<void> {
  const operation = `wg setconf ${dev}`;
  const patch = await patchOfConfig(config, operation);
  try {
    const [peer] = patch.peers;
    const keys = {
      privateKey: patch.privateKey?.toString('base64') ?? '',
      presharedKey: peer?.presharedKey?.toString('base64'),
    };
    const input = renderSetconf(config, keys);
    await wg(['setconf', dev, '/dev/stdin'], { operation, input }, [config.peer.publicKey]);
  } finally {
    wipe(patch);
  }
}

/** Texts of strerror(3) at the end of wg's errors, for the codes that callers distinguish. */
const ERRNO: readonly (readonly [string, string])[] = [
  ['No such device', 'ENODEV'],
  // a link without WireGuard: it has another kind, or its wireguard-go is dead
  ['Protocol not supported', 'ENODEV'],
  ['Operation not permitted', 'EPERM'],
  ['Permission denied', 'EACCES'],
  ['Address already in use', 'EADDRINUSE'],
];

/** Runs `wg`; `shown` are arguments that its errors may quote. */
async function wg(args: string[], options: RunOptions = {}, shown: readonly string[] = []): Promise<string> {
  try {
    return await run('wg', args, options);
  } catch (error) {
    if (!isHostError(error) || exitStatus(error) === undefined) throw error;
    const detail = scrub(error.detail, shown);
    const code = ERRNO.find(([words]) => detail.endsWith(words))?.[1] ?? error.code;
    // no `cause`, because it contains the text with keys
    throw new HostError({ operation: error.operation, code, detail });
  }
}
