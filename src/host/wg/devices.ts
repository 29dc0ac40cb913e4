// The WireGuard devices of our own network namespace. One that cannot be read is among them, with the reason: it is a matter
// of that tunnel, and not of the others.
import { isHostError, type HostError } from '../error.ts';
import type { WgDevice } from '../types.ts';
import { createAsk } from '../userspace/ask.ts';
import { linksHere, socketNames } from '../userspace/device.ts';
import { parseDump } from './parse-dump.ts';

export interface DeviceSources {
  /** runs wg(8) */
  readonly wg: (args: string[]) => Promise<string>;
  /** names of the kernel's WireGuard links in our network namespace */
  readonly kernelLinks: () => Promise<string[]>;
}

type Read = (names?: readonly string[]) => Promise<WgDevice[]>;

/**
 * `wg show all` asks each wireguard-go of the host, of every namespace and whosever it is, one after the other and without a
 * deadline (wireguard-tools src/ipc-uapi-unix.h). So it is for hosts that have none; else each device is asked for itself.
 */
export function createDevices({ wg, kernelLinks }: DeviceSources): Read {
  const ask = createAsk();

  async function kernelAll(names: readonly string[] | undefined): Promise<WgDevice[]> {
    try {
      return parseDump(await wg(['show', 'all', 'dump']));
    } catch (error) {
      // a device that goes between wg's listing and its reading; the others, if there are any, made it exit with 0
      if (isHostError(error, 'ENODEV')) return [];
      if (!isHostError(error)) throw error;
      return (await kernelLinks()).filter(isAmong(names)).map((name) => unread(name, error));
    }
  }

  /** At most eight at once (src/host/processes.ts). */
  const kernelOnes = (names: readonly string[]): Promise<WgDevice[]> =>
    allRead(names, async (name) => {
      const text = await wg(['show', name, 'dump']);
      // without `all` the lines do not begin with the device's name
      return parseDump(text.replaceAll(/^(?=.)/gm, `${name}\t`))[0];
    });

  return async (names) => {
    if (names?.length === 0) return [];
    const sockets = await socketNames();
    if (sockets.length === 0) return (await kernelAll(names)).filter(({ name }) => isAmong(names)(name));
    const [here, links] = await Promise.all([linksHere(), kernelLinks()]);
    const userspace = sockets.filter((name) => here.has(name) && !links.includes(name)).filter(isAmong(names));
    return (await Promise.all([allRead(userspace, ask), kernelOnes(links.filter(isAmong(names)))])).flat();
  };
}

const isAmong =
  (names: readonly string[] | undefined) =>
  (name: string): boolean =>
    names === undefined || names.includes(name);

async function allRead(
  names: readonly string[],
  read: (name: string) => Promise<WgDevice | undefined>,
): Promise<WgDevice[]> {
  const found = await Promise.all(
    names.map(async (name) => {
      try {
        return await read(name);
      } catch (error) {
        if (isHostError(error, 'ENODEV')) return undefined; // it went meanwhile
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
