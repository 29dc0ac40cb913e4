// WireGuard by the `wg` tool (wg(8)), for kernel devices and wireguard-go alike; the latter are read without it.
import { HostError, isHostError } from '../error.ts';
import { readKeyFile } from '../keys.ts';
import { exitStatus, run, type RunOptions } from '../processes.ts';
import type { Rtnetlink, WgChange, WgDeviceConfig, Wireguard } from '../types.ts';
import { userspaceDevices } from '../userspace/device.ts';
import { startUserspace } from '../userspace/start.ts';
import { stopUserspace } from '../userspace/stop.ts';
import { createDevices } from './devices.ts';
import { renderSetconf, type KeyTexts } from './render-setconf.ts';
import { createSave } from './save.ts';
import { scrub } from './scrub.ts';
import { isEmptyChange, setArguments } from './set-arguments.ts';

/** @param rtnl of the network namespace that all this is about, which is our own */
export function createWireguard(rtnl: Pick<Rtnetlink, 'links'>): Wireguard {
  const kernelLinks = async (): Promise<string[]> =>
    (await rtnl.links()).filter(({ kind }) => kind === 'wireguard').map(({ name }) => name);
  const devices = createDevices({ wg, kernelLinks });
  const save = createSave(wg);
  return { devices, setconf, set, save, startUserspace, stopUserspace, userspaceDevices };
}

async function setconf(dev: string, config: WgDeviceConfig): Promise<void> {
  const operation = `wg setconf ${dev}`;
  const keys = await readKeys(config, operation);
  await wg(['setconf', dev, '/dev/stdin'], { operation, input: renderSetconf(config, keys) }, [config.peer.publicKey]);
}

async function readKeys(config: WgDeviceConfig, operation: string): Promise<KeyTexts> {
  const key = async (file: string): Promise<string> => {
    const text = await readKeyFile(file);
    if (text !== undefined) return text;
    throw new HostError({ operation, code: 'ENOENT', detail: `the key file ${file} is not there` });
  };
  const psk = config.peer.presharedKeyFile;
  return {
    privateKey: await key(config.privateKeyFile),
    presharedKey: psk === undefined ? undefined : await key(psk),
  };
}

async function set(dev: string, change: WgChange): Promise<void> {
  if (isEmptyChange(change)) return;
  const args = setArguments(dev, change);
  await wg(args, {}, args);
}

/** strerror(3) at the end of wg's complaints, for the codes that callers tell apart. */
const ERRNO: readonly (readonly [string, string])[] = [
  ['No such device', 'ENODEV'],
  // a link that has no WireGuard behind it: of another kind, or its wireguard-go is dead
  ['Protocol not supported', 'ENODEV'],
  ['Operation not permitted', 'EPERM'],
  ['Permission denied', 'EACCES'],
  ['Address already in use', 'EADDRINUSE'],
];

/** Runs `wg`; `shown` are arguments that its complaints may quote. */
async function wg(args: string[], options: RunOptions = {}, shown: readonly string[] = []): Promise<string> {
  try {
    return await run('wg', args, options);
  } catch (error) {
    if (!isHostError(error) || exitStatus(error) === undefined) throw error;
    const detail = scrub(error.detail, shown);
    const code = ERRNO.find(([words]) => detail.endsWith(words))?.[1] ?? error.code;
    // no `cause`: it would carry the unscrubbed text along
    throw new HostError({ operation: error.operation, code, detail });
  }
}
