// What a single text of the state file may be. Each check gives undefined or the fault, with the text that was meant.
import { canonicalAddress, familyOf, formatPrefix, hasHostBits, networkOf, parsePrefix } from '../../net/ip.ts';
import { isHostName, parseEndpoint } from '../../net/endpoint.ts';
import { isWireguardKey } from '../../net/names.ts';
import { canonicalArea } from '../../net/ospf-area.ts';
import type { Fault } from '../problem.ts';
import { redact } from '../redact.ts';

export type Check = (text: string) => Fault | undefined;

const fault = (code: string, message: string, hint: string): Fault => ({ code, message, hint });

const shown = (text: string): string => {
  const safe = redact(text);
  return safe.length > 60 ? `${safe.slice(0, 57)}...` : safe;
};

/** `10.69.12.34`, canonical */
export const ipv4Address: Check = (text) => {
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
};

/** Text that is nearly a prefix, put right; undefined where nothing can be guessed. */
function nearPrefix(text: string): string | undefined {
  const address = canonicalAddress(text);
  if (address !== undefined) return `${address}/${familyOf(address) === 4 ? 32 : 128}`;
  const masked = /^([0-9.]+)\/(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (masked?.[1] === undefined || masked[2] === undefined) return undefined;
  const bits = masked[2]
    .split('.')
    .map((b) => Number(b).toString(2).padStart(8, '0'))
    .join('');
  const length = bits.indexOf('0') < 0 ? 32 : bits.indexOf('0');
  return bits.lastIndexOf('1') < length && parsePrefix(`${masked[1]}/${length}`) ? `${masked[1]}/${length}` : undefined;
}

function badPrefix(text: string, example: string): Fault {
  const near = nearPrefix(text);
  if (near !== undefined && !text.includes('/')) {
    return fault(
      'bad-prefix',
      `\`${text}\` lacks its prefix length`,
      near.replace(/\/32$/, example.replace(/^.*\//, '/')),
    );
  }
  return fault('bad-prefix', `\`${shown(text)}\` is no ADDRESS/LENGTH`, near ?? example);
}

/** An interface's own address: host bits stay. */
export const interfaceAddress =
  (example: string): Check =>
  (text) => {
    const p = parsePrefix(text);
    if (p === undefined) return badPrefix(text, example);
    return p.family === 6
      ? fault('ipv6-address', `\`${text}\` is IPv6; this version of wgospf carries IPv4 over the mesh only`, example)
      : undefined;
  };

/** A network: no bit set behind its length, which the kernel refuses for routes and WireGuard silently clears. */
export const network =
  (families: 'IPv4' | 'both', example: string): Check =>
  (text) => {
    const p = parsePrefix(text);
    if (p === undefined) return badPrefix(text, example);
    if (p.family === 6 && families === 'IPv4') {
      return fault(
        'ipv6-address',
        `\`${text}\` is IPv6; this version of wgospf carries IPv4 over the mesh only`,
        example,
      );
    }
    if (!hasHostBits(p)) return undefined;
    const right = formatPrefix(networkOf(p));
    return fault(
      'host-bits',
      `\`${text}\` has bits set behind its length of ${p.length}; the network is ${right}`,
      right,
    );
  };

const ENDPOINT = 'vpn222.example.net:51825';

export const endpoint: Check = (text) => {
  if (parseEndpoint(text) !== undefined) return undefined;
  const v6 = /^([0-9a-fA-F:.]+):(\d{1,5})$/.exec(text);
  if (canonicalAddress(text) !== undefined) {
    const host = text.includes(':') ? `"[${text}]` : text;
    return fault(
      'bad-endpoint',
      `\`${text}\` lacks the peer's port`,
      `${host}:51825${host.startsWith('"') ? '"' : ''}`,
    );
  }
  if (v6?.[1] !== undefined && canonicalAddress(v6[1])?.includes(':') === true) {
    return fault('bad-endpoint', `an IPv6 endpoint takes brackets around its address`, `"[${v6[1]}]:${v6[2] ?? ''}"`);
  }
  if (isHostName(text)) return fault('bad-endpoint', `\`${shown(text)}\` lacks the peer's port`, `${text}:51825`);
  const port = /:(\d+)$/.exec(text)?.[1];
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65535)) {
    return fault('bad-endpoint', `the port ${shown(port)} is not from 1 to 65535`, text.replace(/:\d+$/, ':51825'));
  }
  return fault(
    'bad-endpoint',
    `\`${shown(text)}\` is no HOST:PORT`,
    `${ENDPOINT}, 192.0.2.1:51825 or "[2001:db8::1]:51825"`,
  );
};

/** The texts of keys are never repeated in a message: somebody may have pasted the private one. */
export const publicKey: Check = (text) => {
  if (isWireguardKey(text)) return undefined;
  const hint = 'the 44 characters that `wg pubkey` prints at the far end, ending in =';
  if (text.length !== 44)
    return fault('bad-key', `a WireGuard key has 44 characters, this text has ${text.length}`, hint);
  return fault('bad-key', 'the text is not the base64 of 32 bytes, as a WireGuard key is', hint);
};

export const keyFile: Check = (text) => {
  if (isWireguardKey(text)) {
    return fault(
      'key-in-file',
      'a key itself stands here; whoever reads this file could read it',
      'the name of a file that holds it: keys/wg222.key',
    );
  }
  return filePath(text);
};

export const filePath: Check = (text) => {
  if (text === '') return fault('bad-path', 'the file name is empty', 'keys/wg222.key');
  if (text.startsWith('~'))
    return fault('bad-path', 'a leading ~ is not replaced by a home folder here', `/root${text.slice(1)}`);
  if (text.endsWith('/')) return fault('bad-path', `\`${shown(text)}\` names a folder`, `${text}wg222.key`);
  if (/[\u0000-\u001f\u007f]/.test(text))
    return fault('bad-path', 'the file name holds a control character', 'keys/wg222.key');
  return undefined;
};

/** bird.conf quotes no path and a Unix socket's is at most 107 bytes long (sys/un.h). */
export const absolutePath =
  (example: string): Check =>
  (text) => {
    if (!text.startsWith('/')) return fault('bad-path', `\`${shown(text)}\` does not start at the root`, example);
    if (new TextEncoder().encode(text).length > 107)
      return fault('bad-path', 'the path is longer than 107 bytes', example);
    return filePath(text);
  };

export const area: Check = (text) =>
  canonicalArea(text) === undefined
    ? fault('bad-area', `\`${shown(text)}\` is no OSPF area`, 'a number from 0 to 4294967295, or four: 0.0.0.1')
    : undefined;

export const tableName: Check = (text) => {
  if (['main', 'default', 'local', 'unspec', 'all', 'cache'].includes(text)) {
    return text === 'main'
      ? fault(
          'reserved-table',
          "`main` is the kernel's own table",
          'table: main, where the router has no other uplink than the mesh',
        )
      : fault('reserved-table', `\`${text}\` is a word of ip(8) itself`, 'nycmesh');
  }
  return /^[A-Za-z][A-Za-z0-9_-]{0,30}$/.test(text)
    ? undefined
    : fault(
        'bad-table-name',
        `\`${shown(text)}\` is no name for a routing table`,
        'a letter, then at most 30 letters, digits, - or _: nycmesh',
      );
};
