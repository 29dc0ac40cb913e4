// The changes to a device, with its keys read: netlink messages and the userspace protocol are both made from it. It exists only
// until it is sent; then its keys are overwritten.
import type { Prefix } from '../../net/ip.ts';
import { HostError } from '../error.ts';
import { readKeyFile } from '../keys.ts';
import type { WgChange, WgDeviceConfig } from '../types.ts';

/** An absent field does not change. */
export interface DevicePatch {
  /** 32 bytes */
  readonly privateKey?: Buffer;
  readonly listenPort?: number;
  readonly fwmark?: number;
  /** removes every peer first, including those in `peers` */
  readonly replacePeers?: boolean;
  readonly peers: readonly PeerPatch[];
}

export interface PeerPatch {
  readonly publicKey: string;
  readonly remove?: boolean;
  /** 32 bytes; zeros remove it */
  readonly presharedKey?: Buffer;
  /** `ADDRESS:PORT` */
  readonly endpoint?: string;
  /** seconds, 0: off */
  readonly persistentKeepalive?: number;
  /** replaces all existing ones */
  readonly allowedIPs?: readonly Prefix[];
}

/** For WireGuard a key of zeros means no key. */
const NO_KEY = new Uint8Array(32);

export function wipe({ privateKey, peers }: DevicePatch): void {
  privateKey?.fill(0);
  for (const { presharedKey } of peers) presharedKey?.fill(0);
}

/** Like `wg setconf`: removes what the configuration does not name (wireguard-tools src/config.c). */
export async function patchOfConfig(config: WgDeviceConfig, operation: string): Promise<DevicePatch> {
  const { presharedKeyFile, endpoint, ...peer } = config.peer;
  const whole = { ...config, peer: { ...peer, ...given({ presharedKeyFile, endpoint }) } };
  return readKeys(whole, operation, { fwmark: 0, replacePeers: true });
}

/** Like one `wg set`. */
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

/** '' means no key. */
async function keyOf(file: string | undefined, operation: string): Promise<Buffer | undefined> {
  if (file === undefined) return undefined;
  if (file === '') return Buffer.from(NO_KEY);
  const key = await readKeyFile(file);
  if (key !== undefined) return key;
  throw new HostError({ operation, code: 'ENOENT', detail: `the key file ${file} is not there` });
}
