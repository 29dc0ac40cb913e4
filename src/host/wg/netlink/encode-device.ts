// WG_CMD_GET_DEVICE and WG_CMD_SET_DEVICE as messages (linux/wireguard.h).
import type { Prefix } from '../../../net/ip.ts';
import { HostError } from '../../error.ts';
import {
  attributesSize,
  bytesAttribute,
  nestedAttribute,
  textAttribute,
  u16Attribute,
  u32Attribute,
  u8Attribute,
  type Attribute,
} from '../../rtnetlink/attributes.ts';
import { NLM_F_ACK, NLM_F_DUMP, NLM_F_REQUEST } from '../../rtnetlink/constants.ts';
import { addressFamily, encodeAddress } from '../../rtnetlink/ip-bytes.ts';
import type { DevicePatch, PeerPatch } from '../device-patch.ts';
import * as wg from './constants.ts';
import { genericMessage } from './generic-message.ts';
import { encodeSocketAddress, type Zones } from './socket-address.ts';

/**
 * Bytes of attributes in one message. The kernel returns a refused message completely, and the answers to BATCH_SIZE messages must
 * fit in the receive buffer (rtnetlink/queue.ts): with this size each takes 2304 bytes of it.
 */
const MESSAGE_SIZE = 1024;
/** 40 bytes each (IPv6), in addition to the 160 bytes of the rest of their peer. */
const IPS_AT_ONCE = 20;

export const encodeGetDevice = (family: number, dev: string): Buffer =>
  genericMessage({
    ...{ family, command: wg.WG_CMD_GET_DEVICE, flags: NLM_F_REQUEST | NLM_F_DUMP },
    attributes: [textAttribute(wg.WGDEVICE_A_IFNAME, dev)],
  });

export interface SetDevice {
  readonly family: number;
  readonly dev: string;
  readonly patch: DevicePatch;
  /** the operation in the error for an endpoint that cannot be encoded */
  readonly operation: string;
  readonly zones: Pick<Zones, 'indexOf'>;
}

/** In order; send each only after the one before succeeded. The fields of the device, and of a peer, are only in its first message. */
export function encodeSetDevice({ family, dev, patch, operation, zones }: SetDevice): Buffer[] {
  const encode = (attributes: readonly Attribute[]): Buffer =>
    genericMessage({ family, command: wg.WG_CMD_SET_DEVICE, flags: NLM_F_REQUEST | NLM_F_ACK, attributes });
  const name = textAttribute(wg.WGDEVICE_A_IFNAME, dev);
  const messages: Buffer[] = [];
  let head: readonly Attribute[] = [name, ...deviceAttributes(patch)];
  let peers: Attribute[] = [];
  const flush = (): void => {
    messages.push(encode(peers.length === 0 ? head : [...head, nested(wg.WGDEVICE_A_PEERS, peers)]));
    head = [name];
    peers = [];
  };
  for (const part of patch.peers.flatMap((peer) => peerParts(peer, operation, zones))) {
    if (peers.length > 0 && attributesSize([...head, ...peers, part]) > MESSAGE_SIZE) flush();
    peers.push(part);
  }
  flush();
  return messages;
}

const nested = (type: number, attributes: readonly Attribute[]): Attribute =>
  nestedAttribute(type | wg.NLA_F_NESTED, attributes);

/** An item of a list. */
const item = (attributes: readonly (Attribute | undefined)[]): Attribute =>
  nested(
    0,
    attributes.filter((attribute) => attribute !== undefined),
  );

/** The attribute of a value; undefined if the value is undefined. */
const maybe = <T>(value: T | undefined, encode: (value: T) => Attribute): Attribute | undefined =>
  value === undefined ? undefined : encode(value);

const deviceAttributes = ({ privateKey, listenPort, fwmark, replacePeers = false }: DevicePatch): Attribute[] =>
  [
    maybe(privateKey, (key) => bytesAttribute(wg.WGDEVICE_A_PRIVATE_KEY, key)),
    maybe(listenPort, (port) => u16Attribute(wg.WGDEVICE_A_LISTEN_PORT, port)),
    maybe(fwmark, (mark) => u32Attribute(wg.WGDEVICE_A_FWMARK, mark)),
    replacePeers ? u32Attribute(wg.WGDEVICE_A_FLAGS, wg.WGDEVICE_F_REPLACE_PEERS) : undefined,
  ].filter((attribute) => attribute !== undefined);

/** A peer whose allowed IPs do not fit in one message gets several parts; those after the first contain only its key and allowed IPs. */
function peerParts(peer: PeerPatch, operation: string, zones: Pick<Zones, 'indexOf'>): Attribute[] {
  const key = bytesAttribute(wg.WGPEER_A_PUBLIC_KEY, Buffer.from(peer.publicKey, 'base64'));
  const { allowedIPs = [], presharedKey, endpoint, persistentKeepalive } = peer;
  const flags =
    (peer.remove === true ? wg.WGPEER_F_REMOVE_ME : 0) |
    (peer.allowedIPs === undefined ? 0 : wg.WGPEER_F_REPLACE_ALLOWEDIPS);
  const first = item([
    key,
    flags === 0 ? undefined : u32Attribute(wg.WGPEER_A_FLAGS, flags),
    maybe(presharedKey, (psk) => bytesAttribute(wg.WGPEER_A_PRESHARED_KEY, psk)),
    maybe(endpoint, (text) => endpointAttribute(text, operation, zones)),
    maybe(persistentKeepalive, (seconds) => u16Attribute(wg.WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL, seconds)),
    ipsAttribute(allowedIPs.slice(0, IPS_AT_ONCE)),
  ]);
  const parts = [first];
  for (let at = IPS_AT_ONCE; at < allowedIPs.length; at += IPS_AT_ONCE)
    parts.push(item([key, ipsAttribute(allowedIPs.slice(at, at + IPS_AT_ONCE))]));
  return parts;
}

function endpointAttribute(text: string, operation: string, zones: Pick<Zones, 'indexOf'>): Attribute {
  const address = encodeSocketAddress(text, zones);
  if (address !== undefined) return bytesAttribute(wg.WGPEER_A_ENDPOINT, address);
  const detail = `${text} is no address and port, or names an interface that is not there`;
  throw new HostError({ operation, code: 'EINVAL', detail });
}

const ipsAttribute = (prefixes: readonly Prefix[]): Attribute | undefined =>
  prefixes.length === 0
    ? undefined
    : nested(
        wg.WGPEER_A_ALLOWEDIPS,
        prefixes.map(({ family, address, length }) =>
          item([
            u16Attribute(wg.WGALLOWEDIP_A_FAMILY, addressFamily(family)),
            bytesAttribute(wg.WGALLOWEDIP_A_IPADDR, encodeAddress(address)),
            u8Attribute(wg.WGALLOWEDIP_A_CIDR_MASK, length),
          ]),
        ),
      );
