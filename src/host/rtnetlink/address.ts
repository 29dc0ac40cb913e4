// Encodes and decodes addresses: struct ifaddrmsg and IFA_* (linux/if_addr.h).
import type { Family } from '../../net/ip.ts';
import type { AddressInfo } from '../types.ts';
import { attributeAt, bytesAttribute, readAttributes, readU32, readU8, u8Attribute } from './attributes.ts';
import * as nl from './constants.ts';
import { addressFamily, addressSize, decodeAddress, encodeAddress, familyOf } from './ip-bytes.ts';
import { buildMessage, type Message } from './message.ts';

const BODY = 8;
const table = new Uint32Array(16);

export const encodeAddressDump = (family: Family): Buffer =>
  buildMessage({
    type: nl.RTM_GETADDR,
    flags: nl.NLM_F_REQUEST | nl.NLM_F_DUMP,
    body: Buffer.from([addressFamily(family), 0, 0, 0, 0, 0, 0, 0]),
    attributes: [],
  });

/**
 * `ip address add|del PREFIX [peer PEER] dev DEV`. Like ip(8), and unlike ifupdown, it sets no broadcast address.
 * IFA_PROTO is ignored by kernels before 5.18.
 */
export function encodeAddressChange(action: 'add' | 'delete', address: AddressInfo, ifindex: number): Buffer {
  const { prefix, peer, protocol } = address;
  const body = Buffer.alloc(BODY);
  body[0] = addressFamily(prefix.family);
  body[1] = prefix.length;
  body.writeUInt32LE(ifindex, 4);
  const local = encodeAddress(prefix.address);
  return buildMessage({
    type: action === 'add' ? nl.RTM_NEWADDR : nl.RTM_DELADDR,
    flags: nl.NLM_F_REQUEST | nl.NLM_F_ACK | (action === 'add' ? nl.NLM_F_CREATE | nl.NLM_F_EXCL : 0),
    body,
    attributes: [
      bytesAttribute(nl.IFA_LOCAL, local),
      bytesAttribute(nl.IFA_ADDRESS, peer === undefined ? local : encodeAddress(peer)),
      protocol === 0 ? undefined : u8Attribute(nl.IFA_PROTO, protocol),
    ],
  });
}

/** An AddressInfo with the index of the link instead of its name. */
export interface WireAddress extends Omit<AddressInfo, 'dev'> {
  readonly ifindex: number;
}

/** Also decodes tentative, temporary and deprecated addresses; undefined for other families. */
export function decodeAddressMessage({ bytes, type, start, end }: Message): WireAddress | undefined {
  const family = familyOf(bytes[start]);
  if (type !== nl.RTM_NEWADDR || end - start < BODY || family === undefined) return undefined;
  readAttributes(bytes, start + BODY, end, table);
  const size = addressSize(family);
  const address = attributeAt(bytes, table, nl.IFA_ADDRESS, size);
  // IPv6 has IFA_LOCAL only if there is a peer; then, and in IPv4 always, IFA_ADDRESS is the far end
  const local = attributeAt(bytes, table, nl.IFA_LOCAL, size) || address;
  if (local === 0) return undefined;
  const text = decodeAddress(bytes, local, family);
  const far = address === 0 ? text : decodeAddress(bytes, address, family);
  const flags = (readU32(bytes, table, nl.IFA_FLAGS) ?? 0) | bytes.readUInt8(start + 2);
  const says = (flag: number): boolean => (flags & flag) !== 0;
  return {
    ifindex: bytes.readUInt32LE(start + 4),
    prefix: { family, address: text, length: bytes.readUInt8(start + 1) },
    peer: far === text ? undefined : far,
    protocol: readU8(bytes, table, nl.IFA_PROTO) ?? 0,
    ...(family === 6 && says(nl.IFA_F_DADFAILED) ? { duplicate: true } : {}),
    ...(family === 6 && says(nl.IFA_F_TENTATIVE) ? { tentative: true } : {}),
    ...(says(nl.IFA_F_NOPREFIXROUTE) ? { noPrefixRoute: true } : {}),
  };
}
