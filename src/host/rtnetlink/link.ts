// Encodes and decodes links: struct ifinfomsg and IFLA_* (linux/rtnetlink.h, linux/if_link.h).
import { LINK_GROUP } from '../../net/names.ts';
import type { LinkChange, LinkInfo, NewLink } from '../types.ts';
import {
  bytesAttribute,
  nestedAttribute,
  readAttributes,
  readText,
  readU32,
  textAttribute,
  u32Attribute,
  valueEnd,
  type Attribute,
} from './attributes.ts';
import * as nl from './constants.ts';
import { buildMessage, type Message } from './message.ts';

const BODY = 16;
const table = new Uint32Array(64);
const infoTable = new Uint32Array(8);
const dataTable = new Uint32Array(4);

/** A LinkInfo with the index of the master instead of its name; 0 for none. */
export type WireLink = Omit<LinkInfo, 'master'> & { readonly masterIndex: number };

function body(flags: number, change: number): Buffer {
  const bytes = Buffer.alloc(BODY);
  bytes.writeUInt32LE(flags, 8);
  bytes.writeUInt32LE(change, 12);
  return bytes;
}

const mtuAttribute = (mtu: number | undefined): Attribute | undefined =>
  mtu === undefined ? undefined : u32Attribute(nl.IFLA_MTU, mtu);

/** Statistics are most of a link's message, and wgospf does not read them. */
const withoutStatistics = u32Attribute(nl.IFLA_EXT_MASK, nl.RTEXT_FILTER_SKIP_STATS);

export const encodeLinkDump = (): Buffer =>
  buildMessage({
    type: nl.RTM_GETLINK,
    flags: nl.NLM_F_REQUEST | nl.NLM_F_DUMP,
    body: body(0, 0),
    attributes: [withoutStatistics],
  });

/** One link by name. The kernel accepts alternative names too, so the caller must compare the name in the answer. */
export const encodeLinkQuery = (name: string): Buffer =>
  buildMessage({
    type: nl.RTM_GETLINK,
    flags: nl.NLM_F_REQUEST | nl.NLM_F_ACK,
    body: body(0, 0),
    attributes: [textAttribute(nl.IFLA_IFNAME, name), withoutStatistics],
  });

/** `ip link add NAME mtu MTU [group GROUP] type KIND [table TABLE]`, without IFLA_IFALIAS, which rtnl_create_link ignores. */
export const encodeAddLink = ({ name, kind, mtu, table: vrf }: Omit<NewLink, 'alias'>): Buffer =>
  buildMessage({
    type: nl.RTM_NEWLINK,
    flags: nl.NLM_F_REQUEST | nl.NLM_F_ACK | nl.NLM_F_CREATE | nl.NLM_F_EXCL,
    body: body(0, 0),
    attributes: [
      textAttribute(nl.IFLA_IFNAME, name),
      mtuAttribute(mtu),
      kind === 'wireguard' ? u32Attribute(nl.IFLA_GROUP, LINK_GROUP) : undefined,
      nestedAttribute(nl.IFLA_LINKINFO, [
        textAttribute(nl.IFLA_INFO_KIND, kind),
        ...(vrf === undefined ? [] : [nestedAttribute(nl.IFLA_INFO_DATA, [u32Attribute(nl.IFLA_VRF_TABLE, vrf)])]),
      ]),
    ],
  });

/** The numbers that the kernel needs for a change. */
export interface SetLinkNumbers {
  /** index of `change.master`; 0 releases the link */
  readonly master?: number | undefined;
  /** the namespace that it moves to (place.ts) */
  readonly place?: Attribute | undefined;
}

/** `ip link set NAME ...`; with ifi_index 0 the kernel looks the name up itself, so that an old index cannot hit another link. */
export function encodeSetLink(name: string, change: LinkChange, { master = 0, place }: SetLinkNumbers = {}): Buffer {
  return buildMessage({
    type: nl.RTM_SETLINK,
    flags: nl.NLM_F_REQUEST | nl.NLM_F_ACK,
    body: body(change.up === true ? nl.IFF_UP : 0, change.up === undefined ? 0 : nl.IFF_UP),
    attributes: [
      textAttribute(nl.IFLA_IFNAME, name),
      place,
      mtuAttribute(change.mtu),
      change.alias === undefined ? undefined : aliasAttribute(change.alias),
      change.master === undefined ? undefined : u32Attribute(nl.IFLA_MASTER, master),
    ],
  });
}

const aliasAttribute = (alias: string): Attribute => bytesAttribute(nl.IFLA_IFALIAS, Buffer.from(alias));

export const encodeDeleteLink = (name: string): Buffer =>
  buildMessage({
    type: nl.RTM_DELLINK,
    flags: nl.NLM_F_REQUEST | nl.NLM_F_ACK,
    body: body(0, 0),
    attributes: [textAttribute(nl.IFLA_IFNAME, name)],
  });

/** undefined for a message that is not a link (a bridge port's entry has AF_BRIDGE). */
export function decodeLink({ bytes, type, start, end }: Message): WireLink | undefined {
  if (type !== nl.RTM_NEWLINK || end - start < BODY || bytes[start] !== nl.AF_UNSPEC) return undefined;
  readAttributes(bytes, start + BODY, end, table);
  const info = table[nl.IFLA_LINKINFO] ?? 0;
  if (info === 0) infoTable.fill(0);
  else readAttributes(bytes, info, valueEnd(bytes, info), infoTable);
  const kind = readText(bytes, infoTable, nl.IFLA_INFO_KIND);
  const vrf = kind === 'vrf' ? vrfTable(bytes) : undefined;
  return {
    index: bytes.readInt32LE(start + 4),
    name: readText(bytes, table, nl.IFLA_IFNAME),
    kind,
    up: (bytes.readUInt32LE(start + 8) & nl.IFF_UP) !== 0,
    mtu: readU32(bytes, table, nl.IFLA_MTU) ?? 0,
    alias: readText(bytes, table, nl.IFLA_IFALIAS),
    masterIndex: readU32(bytes, table, nl.IFLA_MASTER) ?? 0,
    ...(vrf === undefined ? {} : { table: vrf }),
  };
}

/** Reads from `infoTable`, which holds the link's attributes. */
function vrfTable(bytes: Buffer): number | undefined {
  const data = infoTable[nl.IFLA_INFO_DATA] ?? 0;
  if (data === 0) return undefined;
  readAttributes(bytes, data, valueEnd(bytes, data), dataTable);
  return readU32(bytes, dataTable, nl.IFLA_VRF_TABLE);
}

/** @param nameOf undefined for an unknown index, '' for 0 */
export function namedLink({ masterIndex, ...link }: WireLink, nameOf: (index: number) => string | undefined): LinkInfo {
  return { ...link, master: masterIndex === 0 ? '' : (nameOf(masterIndex) ?? `link ${masterIndex}`) };
}
