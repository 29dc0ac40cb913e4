// WireGuard by the `wg` tool (wg(8)), for kernel devices and wireguard-go alike.
import { HostError, isHostError } from '../error.ts';
import { readKeyFile } from '../keys.ts';
import { exitStatus, run, type RunOptions } from '../processes.ts';
import type { WgChange, WgDevice, WgDeviceConfig, Wireguard } from '../types.ts';
import { linksHere, userspaceDevices } from '../userspace/device.ts';
import { startUserspace } from '../userspace/start.ts';
import { stopUserspace } from '../userspace/stop.ts';
import { parseDump } from './parse-dump.ts';
import { renderSetconf, type KeyTexts } from './render-setconf.ts';
import { scrub } from './scrub.ts';
import { isEmptyChange, setArguments } from './set-arguments.ts';

export function createWireguard(): Wireguard {
  return { devices, setconf, set, startUserspace, stopUserspace, userspaceDevices };
}

/** Of our own network namespace; `wg` lists every wireguard-go, wherever its tun is. */
async function devices(): Promise<WgDevice[]> {
  try {
    const all = parseDump(await wg(['show', 'all', 'dump']));
    if (all.length === 0) return all;
    const here = await linksHere();
    return all.filter(({ name }) => here.has(name));
  } catch (error) {
    // a device that goes between wg's listing and its reading; the others, if there are any, made it exit with 0
    if (isHostError(error, 'ENODEV')) return [];
    throw error;
  }
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
