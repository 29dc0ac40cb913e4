// Decodes the kernel's answer to WG_CMD_GET_DEVICE to a WgDevice (linux/wireguard.h). The answer contains the keys: this ignores the
// private key and digests preshared keys at once, and the transport overwrites the bytes.
import type { Prefix } from '../../../net/ip.ts';
import {
  attributeAt,
  listItems,
  readAttributes,
  readText,
  readU16,
  readU32,
  readU8,
  valueEnd,
} from '../../rtnetlink/attributes.ts';
import { addressSize, decodeAddress, familyOf } from '../../rtnetlink/ip-bytes.ts';
import type { Message } from '../../rtnetlink/message.ts';
import type { WgDevice, WgPeer } from '../../types.ts';
import { keyDigest } from '../key.ts';
import * as wg from './constants.ts';
import { readGeneric } from './generic-message.ts';
import { decodeSocketAddress, type Zones } from './socket-address.ts';

type GrowingPeer = Omit<WgPeer, 'allowedIPs'> & { readonly allowedIPs: Prefix[] };
type GrowingDevice = Omit<WgDevice, 'peers'> & { readonly peers: GrowingPeer[] };

const deviceTable = new Uint32Array(wg.WGDEVICE_A_PEERS + 1);
const peerTable = new Uint32Array(wg.WGPEER_A_ALLOWEDIPS + 1);
const ipTable = new Uint32Array(wg.WGALLOWEDIP_A_CIDR_MASK + 1);

/**
 * Adds one answer to the answers before it about the same device. Only the first has its key, port and mark. Peers that do not
 * fit follow in later answers, and so do the allowed IPs of one peer, after only its public key.
 */
export function addAnswer(
  device: GrowingDevice | undefined,
  message: Message,
  zones: Pick<Zones, 'nameOf'>,
): GrowingDevice {
  const { bytes } = message;
  readGeneric(message, deviceTable);
  const grown = device ?? {
    name: readText(bytes, deviceTable, wg.WGDEVICE_A_IFNAME),
    publicKey: keyText(bytes, attributeAt(bytes, deviceTable, wg.WGDEVICE_A_PUBLIC_KEY, wg.WG_KEY_LEN)),
    listenPort: readU16(bytes, deviceTable, wg.WGDEVICE_A_LISTEN_PORT) ?? 0,
    fwmark: readU32(bytes, deviceTable, wg.WGDEVICE_A_FWMARK) ?? 0,
    peers: [],
  };
  for (const [start, end] of listItems(bytes, deviceTable[wg.WGDEVICE_A_PEERS] ?? 0)) {
    readAttributes(bytes, start, end, peerTable);
    const key = keyText(bytes, attributeAt(bytes, peerTable, wg.WGPEER_A_PUBLIC_KEY, wg.WG_KEY_LEN));
    const last = grown.peers.at(-1);
    if (last?.publicKey !== key) grown.peers.push(newPeer(bytes, key, zones));
    grown.peers.at(-1)?.allowedIPs.push(...prefixes(bytes, peerTable[wg.WGPEER_A_ALLOWEDIPS] ?? 0));
  }
  return grown;
}

/** '' if there is no key. */
const keyText = (bytes: Buffer, at: number): string =>
  at === 0 ? '' : bytes.toString('base64', at, at + wg.WG_KEY_LEN);

/** Makes a peer from `peerTable`, which holds its attributes. */
function newPeer(bytes: Buffer, publicKey: string, zones: Pick<Zones, 'nameOf'>): GrowingPeer {
  const psk = attributeAt(bytes, peerTable, wg.WGPEER_A_PRESHARED_KEY, wg.WG_KEY_LEN);
  const endpoint = peerTable[wg.WGPEER_A_ENDPOINT] ?? 0;
  return {
    publicKey,
    presharedKeyDigest: psk === 0 ? '' : keyDigest(bytes.subarray(psk, psk + wg.WG_KEY_LEN)),
    endpoint: endpoint === 0 ? '' : decodeSocketAddress(bytes, [endpoint, valueEnd(bytes, endpoint)], zones),
    allowedIPs: [],
    // struct __kernel_timespec: seconds and nanoseconds, 64 bits each
    latestHandshake: readU64(bytes, wg.WGPEER_A_LAST_HANDSHAKE_TIME),
    rxBytes: readU64(bytes, wg.WGPEER_A_RX_BYTES),
    txBytes: readU64(bytes, wg.WGPEER_A_TX_BYTES),
    persistentKeepalive: readU16(bytes, peerTable, wg.WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL) ?? 0,
  };
}

function readU64(bytes: Buffer, type: number): number {
  const at = attributeAt(bytes, peerTable, type, 8);
  return at === 0 ? 0 : Number(bytes.readBigUInt64LE(at));
}

function prefixes(bytes: Buffer, list: number): Prefix[] {
  return [...listItems(bytes, list)].flatMap(([start, end]): Prefix[] => {
    readAttributes(bytes, start, end, ipTable);
    const family = familyOf(readU16(bytes, ipTable, wg.WGALLOWEDIP_A_FAMILY));
    const length = readU8(bytes, ipTable, wg.WGALLOWEDIP_A_CIDR_MASK);
    const at = family === undefined ? 0 : attributeAt(bytes, ipTable, wg.WGALLOWEDIP_A_IPADDR, addressSize(family));
    if (family === undefined || length === undefined || at === 0) return [];
    return [{ family, address: decodeAddress(bytes, at, family), length }];
  });
}
