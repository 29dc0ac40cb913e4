// Reads the WireGuard devices of our own network namespace, without a program. A device that cannot be read is in the list with
// the reason, so that it affects only its own tunnel.
import { isHostError, type HostError } from '../error.ts';
import type { LinkInfo, WgDevice } from '../types.ts';
import { createAsk } from '../userspace/ask.ts';
import { linksHere, socketNames } from '../userspace/device.ts';
import type { KernelWireguard } from './netlink/kernel-wireguard.ts';

export interface DeviceSources {
  readonly kernel: Pick<KernelWireguard, 'read'>;
  /** the links of our network namespace */
  readonly links: () => Promise<LinkInfo[]>;
}

type Read = (names?: readonly string[]) => Promise<WgDevice[]>;

/** If the kernel has a device here, and a process has one of the same name elsewhere, reads the kernel's device. */
export function createDevices({ kernel, links }: DeviceSources): Read {
  const ask = createAsk();

  async function kernelDevices(all: readonly LinkInfo[], names: readonly string[]): Promise<WgDevice[]> {
    const zones = { nameOf: (index: number) => all.find((link) => link.index === index)?.name };
    try {
      const found = await kernel.read(names, zones);
      return found.flatMap((one, i) => (one instanceof Error ? [unread(names[i] ?? '', one)] : (one ?? [])));
    } catch (error) {
      // the socket failed, so no device can be read
      if (!isHostError(error)) throw error;
      return names.map((name) => unread(name, error));
    }
  }

  return async (names) => {
    if (names?.length === 0) return [];
    const isAsked = (name: string): boolean => names === undefined || names.includes(name);
    const [sockets, all] = await Promise.all([socketNames(), links()]);
    const ofKernel = all.filter(({ kind }) => kind === 'wireguard').map(({ name }) => name);
    const here = sockets.length === 0 ? new Set<string>() : await linksHere();
    const ofProcesses = sockets.filter((name) => here.has(name) && !ofKernel.includes(name) && isAsked(name));
    const found = await Promise.all([allRead(ofProcesses, ask), kernelDevices(all, ofKernel.filter(isAsked))]);
    return found.flat();
  };
}

async function allRead(
  names: readonly string[],
  read: (name: string) => Promise<WgDevice | undefined>,
): Promise<WgDevice[]> {
  const found = await Promise.all(
    names.map(async (name) => {
      try {
        return await read(name);
      } catch (error) {
        if (isHostError(error, 'ENODEV')) return undefined; // deleted meanwhile
        if (!isHostError(error)) throw error;
        return unread(name, error);
      }
    }),
  );
  return found.filter((device) => device !== undefined);
}

const unread = (name: string, { detail }: HostError): WgDevice => ({
  ...{ name, publicKey: '', listenPort: 0, fwmark: 0, peers: [] },
  unread: detail,
});
