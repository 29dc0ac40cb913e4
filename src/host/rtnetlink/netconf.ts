// Decodes announced settings: struct netconfmsg and NETCONFA_* (linux/netconf.h).
import type { SettingInfo } from '../monitor-types.ts';
import { attributeAt, readAttributes, readU32 } from './attributes.ts';
import * as nl from './constants.ts';
import { familyOf } from './ip-bytes.ts';
import type { Message } from './message.ts';

/** One byte of family, padded. */
const BODY = 4;
const table = new Uint32Array(16);

/** `/` replaces a dot in an interface name, because a dot separates levels (sysctl.d(5)). */
const level = (name: string): string => name.replaceAll('.', '/');

/**
 * The settings in a message; several for a new link (NETCONFA_ALL). None for the defaults of future links
 * (NETCONFA_IFINDEX_DEFAULT) and for a link whose name is unknown.
 */
export function decodeNetconf(
  { bytes, type, start, end }: Message,
  nameOf: (index: number) => string | undefined,
): SettingInfo[] {
  const family = familyOf(bytes[start]);
  if (type !== nl.RTM_NEWNETCONF || end - start < BODY || family === undefined) return [];
  readAttributes(bytes, start + BODY, end, table);
  const at = attributeAt(bytes, table, nl.NETCONFA_IFINDEX, 4);
  const ifindex = at === 0 ? 0 : bytes.readInt32LE(at);
  const forwarding = readU32(bytes, table, nl.NETCONFA_FORWARDING);
  const filter = readU32(bytes, table, nl.NETCONFA_RP_FILTER);
  const all = ifindex === nl.NETCONFA_IFINDEX_ALL;
  const name = all ? 'all' : nameOf(ifindex);
  if (name === undefined) return [];
  const conf = `net.ipv${family}.conf.${level(name)}`;
  // net.ipv4.ip_forward is conf.all.forwarding by another name (net/ipv4/devinet.c, ctl_forward_entry)
  const forwardingName = all && family === 4 ? 'net.ipv4.ip_forward' : `${conf}.forwarding`;
  return [
    ...(forwarding === undefined ? [] : [{ name: forwardingName, value: String(forwarding) }]),
    ...(filter === undefined ? [] : [{ name: `${conf}.rp_filter`, value: String(filter) }]),
  ];
}
