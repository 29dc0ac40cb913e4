// What is set of a device, with its keys read: the form that netlink and the userspace protocol are both written from. It lives
// as long as its sending, and its keys are overwritten then.
import type { Prefix } from '../../net/ip.ts';
import { HostError } from '../error.ts';
import { readKeyFile } from '../keys.ts';
import type { WgChange, WgDeviceConfig } from '../types.ts';

/** A field left out stays as it is. */
export interface DevicePatch {
  /** 32 bytes */
  readonly privateKey?: Buffer;
  readonly listenPort?: number;
  readonly fwmark?: number;
  /** every peer goes first, also one that is among `peers` */
  readonly replacePeers?: boolean;
  readonly peers: readonly PeerPatch[];
}

export interface PeerPatch {
  readonly publicKey: string;
  readonly remove?: boolean;
  /** 32 bytes; zeros take it away */
  readonly presharedKey?: Buffer;
  /** `ADDRESS:PORT` */
  readonly endpoint?: string;
  /** seconds, 0: off */
  readonly persistentKeepalive?: number;
  /** in place of all that it has */
  readonly allowedIPs?: readonly Prefix[];
}

/** The key of zeros is none to WireGuard. */
const NO_KEY = new Uint8Array(32);

export function wipe({ privateKey, peers }: DevicePatch): void {
  privateKey?.fill(0);
  for (const { presharedKey } of peers) presharedKey?.fill(0);
}

/** As `wg setconf` has it: what the configuration does not name is taken away (wireguard-tools src/config.c). */
export async function patchOfConfig(config: WgDeviceConfig, operation: string): Promise<DevicePatch> {
  const { presharedKeyFile, endpoint, ...peer } = config.peer;
  const whole = { ...config, peer: { ...peer, ...given({ presharedKeyFile, endpoint }) } };
  return readKeys(whole, operation, { fwmark: 0, replacePeers: true });
}

/** As one `wg set` has it. */
export const patchOfChange = (change: WgChange, operation: string): Promise<DevicePatch> =>
  readKeys(change, operation, {});

const given = (fields: {
  readonly presharedKeyFile: string | undefined;
  readonly endpoint: string | undefined;
}): { readonly presharedKeyFile?: string; readonly endpoint?: string } => ({
  ...(fields.presharedKeyFile === undefined ? {} : { presharedKeyFile: fields.presharedKeyFile }),
  ...(fields.endpoint === undefined ? {} : { endpoint: fields.endpoint }),
});

async function readKeys(
  { privateKeyFile, listenPort, removePeers = [], peer }: WgChange,
  operation: string,
  more: Pick<DevicePatch, 'fwmark' | 'replacePeers'>,
): Promise<DevicePatch> {
  const { presharedKeyFile, ...fields } = peer ?? { publicKey: '' };
  const privateKey = await keyOf(privateKeyFile, operation);
  const presharedKey = await keyOf(presharedKeyFile, operation).catch((error: unknown) => {
    privateKey?.fill(0);
    throw error;
  });
  const set: PeerPatch = { ...fields, ...(presharedKey === undefined ? {} : { presharedKey }) };
  return {
    ...more,
    ...(privateKey === undefined ? {} : { privateKey }),
    ...(listenPort === undefined ? {} : { listenPort }),
    peers: [...removePeers.map((publicKey) => ({ publicKey, remove: true })), ...(peer === undefined ? [] : [set])],
  };
}

/** '' is no key. */
async function keyOf(file: string | undefined, operation: string): Promise<Buffer | undefined> {
  if (file === undefined) return undefined;
  if (file === '') return Buffer.from(NO_KEY);
  const key = await readKeyFile(file);
  if (key !== undefined) return key;
  throw new HostError({ operation, code: 'ENOENT', detail: `the key file ${file} is not there` });
}
