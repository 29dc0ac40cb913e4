// Reads the addresses, networks and endpoints of the state file: returns the value, or the fault with the intended text.
import { isHostName, parseEndpoint, type HostPort } from '../../net/endpoint.ts';
import { canonicalAddress, familyOf, formatPrefix, networkOf, parsePrefix, type Prefix } from '../../net/ip.ts';
import { canonicalArea } from '../../net/ospf-area.ts';
import type { Fault } from '../problem.ts';
import { fault, patterned, reader, shown, type Reader } from './fault.ts';
import { ADDRESS, AREA, ENDPOINT, IPV4_ADDRESS, PREFIX } from './patterns.ts';

/** `10.69.12.34`, canonical */
export const ipv4Address: Reader<string> = patterned(IPV4_ADDRESS, (text) => {
  const address = canonicalAddress(text);
  if (address === undefined) {
    const bare = parsePrefix(text)?.address;
    return bare === undefined
      ? fault('bad-address', `\`${shown(text)}\` is no IPv4 address`, 'four numbers from 0 to 255: 10.69.12.34')
      : fault('bad-address', `\`${text}\` is a prefix, but here stands one address`, bare);
  }
  return familyOf(address) === 6
    ? fault('ipv6-address', `\`${text}\` is IPv6; this version of wgospf speaks OSPF over IPv4 only`, '10.69.12.34')
    : undefined;
});

/** `255.255.0.0` -> 16; undefined if the text is no netmask. */
function netmaskLength(mask: string): number | undefined {
  if (canonicalAddress(mask) === undefined) return undefined;
  const bits = mask
    .split('.')
    .map((byte) => Number(byte).toString(2).padStart(8, '0'))
    .join('');
  return /^1*0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : undefined;
}

/** Why the address without its length is wrong, with the address that may be intended. */
function addressReason(address: string): [reason: string, meant: string | undefined] {
  const octets = /^\d+(\.\d+){3}$/.test(address) ? address.split('.') : [];
  const big = octets.find((octet) => Number(octet) > 255);
  if (big !== undefined) return [`${big} is more than 255`, undefined];
  const zero = octets.find((octet) => /^0\d/.test(octet));
  if (zero !== undefined) return [`\`${zero}\` could be read as octal`, octets.map(Number).join('.')];
  return [`\`${shown(address)}\` is no address`, undefined];
}

/** `length` is the most likely one for an address without a length; `example` is the cure if nothing of the text is usable. */
function badPrefix(text: string, length: number, example: string): Fault {
  const [address = '', rest] = text.split('/');
  const known = canonicalAddress(address);
  if (known === undefined) {
    const [reason, meant] = addressReason(address);
    const near =
      meant !== undefined && parsePrefix(`${meant}/${rest ?? length}`) ? `${meant}/${rest ?? length}` : example;
    return fault('bad-prefix', `\`${shown(text)}\` is no ADDRESS/LENGTH: ${reason}`, near);
  }
  const bits = familyOf(known) === 4 ? 32 : 128;
  const usual = bits === 32 ? length : bits;
  if (rest === undefined) return fault('bad-prefix', `\`${text}\` lacks its prefix length`, `${known}/${usual}`);
  const mask = netmaskLength(rest);
  if (mask !== undefined)
    return fault('bad-prefix', 'a netmask stands where a prefix length should', `${known}/${mask}`);
  return fault('bad-prefix', `the length \`${shown(rest)}\` is not from 0 to ${bits}`, `${known}/${usual}`);
}

const lengthOf = (prefix: string): number => Number(prefix.replace(/^.*\//, ''));

/** `10.69.12.34` or `fd70:89::1`, canonical */
export const anyAddress: Reader<string> = reader(ADDRESS, (text) => {
  const address = canonicalAddress(text);
  if (address !== undefined) return address;
  const bare = parsePrefix(text)?.address;
  return bare === undefined
    ? fault('bad-address', `\`${shown(text)}\` is no address`, '10.70.89.1, or fd70:89::1')
    : fault('bad-address', `\`${text}\` is a prefix, but here stands one address`, bare);
});

/** An interface's own address: host bits stay. */
export const interfaceAddress = (example: string): Reader<Prefix> =>
  reader(PREFIX, (text) => parsePrefix(text) ?? badPrefix(text, lengthOf(example), example));

/** A network without host bits: the kernel refuses them in routes, and WireGuard silently clears them. */
export const network = (example: string): Reader<Prefix> =>
  reader(PREFIX, (text) => {
    const p = parsePrefix(text);
    if (p === undefined) return badPrefix(text, 32, example);
    const net = networkOf(p);
    if (net.address === p.address) return p;
    const right = formatPrefix(net);
    return fault(
      'host-bits',
      `\`${text}\` has bits set behind its length of ${p.length}; the network is ${right}`,
      right,
    );
  });

const bracketed = (address: string, port: string): string => `"[${address}]:${port}"`;

export const endpoint: Reader<HostPort> = reader(ENDPOINT, (text) => {
  const found = parseEndpoint(text);
  if (found !== undefined) return found;
  const bad = (message: string, hint: string): Fault => fault('bad-endpoint', message, hint);
  const address = canonicalAddress(text);
  if (address !== undefined || isHostName(text)) {
    const hint = text.includes(':') ? bracketed(text, '51825') : `${text}:51825`;
    return bad(`\`${shown(text)}\` lacks the peer's port`, hint);
  }
  const v6 = /^([0-9a-fA-F:.]+):(\d{1,5})$/.exec(text);
  if (v6?.[1] !== undefined && canonicalAddress(v6[1])?.includes(':') === true) {
    return bad('an IPv6 endpoint takes brackets around its address', bracketed(v6[1], v6[2] ?? '51825'));
  }
  const port = /:(\d+)$/.exec(text)?.[1];
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65535)) {
    return bad(`the port ${shown(port)} is not from 1 to 65535`, text.replace(/:\d+$/, ':51825'));
  }
  const url = /^\w+:\/\/([^/:]+)/.exec(text)?.[1];
  if (url !== undefined && isHostName(url)) return bad('a URL stands where a host and a port should', `${url}:51825`);
  return bad(
    `\`${shown(text)}\` is no HOST:PORT`,
    'vpn222.example.net:51825, 192.0.2.1:51825 or "[2001:db8::1]:51825"',
  );
});

/** decimal text */
export const area: Reader<string> = reader(
  AREA,
  (text) =>
    canonicalArea(text) ??
    fault(
      'bad-area',
      `\`${shown(text)}\` is no OSPF area`,
      'area: 0, or any number up to 4294967295, or four as in 0.0.0.1',
    ),
);
