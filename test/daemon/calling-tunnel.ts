// A tunnel that calls a name, and its device as the kernel has it.
import type { WgDevice } from '../../src/host/types.ts';
import type { RouterModel } from '../../src/model/types.ts';
import { readState } from '../fakes/read-state.ts';

export const name = 'vpn222.example.net';
const peerKey = `${'B'.repeat(42)}A=`;
export const model = (endpoint: string): RouterModel =>
  readState(
    `version: 1
router: {node: 111}
mesh:
  table: {name: nycmesh, id: 2}
  prefixes: [10.69.0.0/16, 10.70.0.0/16]
tunnels:
  wg222: {address: 10.70.89.0/31, listenPort: 51825, peer: {publicKey: ${peerKey}, endpoint: "${endpoint}"}}
`,
    { ipv6: true, kernelWireguard: true },
  );

export interface Peer {
  readonly endpoint: string;
  /** seconds since the epoch */
  readonly latestHandshake: number;
}

export const device = (peer: Peer): WgDevice => ({
  ...{ name: 'wg222', publicKey: 'x', listenPort: 51825, fwmark: 0 },
  peers: [
    {
      ...{ publicKey: peerKey, presharedKeyDigest: '', allowedIPs: [], rxBytes: 0, txBytes: 0 },
      ...{ persistentKeepalive: 0, ...peer },
    },
  ],
});
