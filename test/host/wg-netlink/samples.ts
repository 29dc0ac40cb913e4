// Messages of the family `wireguard`, written by hand from linux/wireguard.h, and their meaning.
import type { WgDevice } from '../../../src/host/types.ts';
import { parsePrefix, type Prefix } from '../../../src/net/ip.ts';
import { keyDigest } from '../../../src/host/wg/key.ts';
import type { Zones } from '../../../src/host/wg/netlink/socket-address.ts';

/** the family's id, which differs between boots */
export const FAMILY = 0x1e;

const key = (byte: string): string => byte.repeat(32);
export const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');

export const PRIVATE: string = key('11');
export const PUBLIC: string = key('22');
export const PEER: string = key('33');
export const PSK: string = key('44');
export const OTHER: string = key('55');

export const prefix = (text: string): Prefix => {
  const p = parsePrefix(text);
  if (p === undefined) throw new Error(`not a prefix: ${text}`);
  return p;
};

const ip4 = '1c000080 06000100 02000000 08000200 0a000000 05000300 08000000';
const ip6 = `28000080 06000100 0a000000 14000200 ${'00'.repeat(16)} 05000300 00000000`;

/** WG_CMD_SET_DEVICE with everything that can be set. */
export const SET: string = `
  14010000 1e000500 00000000 00000000 01010000
  08000200 77673100
  24000300 ${PRIVATE}
  06000600 71ca0000
  08000700 6cca0000
  08000500 01000000
  bc000880
    b8000080
      24000100 ${PEER}
      08000300 02000000
      24000200 ${PSK}
      14000400 0200ca71 c0000201 0000000000000000
      06000500 19000000
      48000980 ${ip4} ${ip6}`;

/** The first answer to WG_CMD_GET_DEVICE: a device with one complete peer, and the beginning of another. */
export const FIRST: string = `
  00000000 1e000200 00000000 00000000 00010000
  06000600 71ca0000
  08000700 6cca0000
  08000100 07000000
  08000200 77673100
  24000300 ${PRIVATE}
  24000400 ${PUBLIC}
  38010880
    c8000080
      24000100 ${PEER}
      24000200 ${PSK}
      14000600 00f1536500000000 0500000000000000
      06000500 19000000
      0c000800 1500000001000000
      0c000700 0c00000000000000
      08000a00 01000000
      20000400 0a00ca71 00000000 fe800000000000000000000000000001 02000000
      20000980 ${ip4}
    6c000080
      24000100 ${OTHER}
      24000200 ${'00'.repeat(32)}
      20000980 ${ip4}`;

/** The second: only the name, and the rest of that peer's allowed IPs. */
export const SECOND: string = `
  00000000 1e000200 00000000 00000000 00010000
  08000200 77673100
  58000880
    54000080
      24000100 ${OTHER}
      2c000980 ${ip6}`;

const nothing = { latestHandshake: 0, rxBytes: 0, txBytes: 0, persistentKeepalive: 0 };

/** The content of both; interface 2 is eth0. */
export const DEVICE: WgDevice = {
  ...{ name: 'wg1', publicKey: base64(PUBLIC), listenPort: 51825, fwmark: 51820 },
  peers: [
    {
      ...{ publicKey: base64(PEER), presharedKeyDigest: keyDigest(base64(PSK)), endpoint: '[fe80::1%eth0]:51825' },
      allowedIPs: [prefix('10.0.0.0/8')],
      ...{ latestHandshake: 1700000000, rxBytes: 12, txBytes: 4294967317, persistentKeepalive: 25 },
    },
    {
      ...{ ...nothing, publicKey: base64(OTHER), presharedKeyDigest: '', endpoint: '' },
      allowedIPs: [prefix('10.0.0.0/8'), prefix('::/0')],
    },
  ],
};

export const zones: Zones = {
  nameOf: (index) => (index === 2 ? 'eth0' : undefined),
  indexOf: (name) => (name === 'eth0' ? 2 : undefined),
};
