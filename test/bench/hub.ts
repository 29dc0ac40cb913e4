// A hub with many tunnels as text: its state file, and the input of `ip -batch` and `wg setconf` for the same hub.
import { createHash } from 'node:crypto';
import { families, ruleLines } from './hub-rules.ts';

export interface HubTunnel {
  readonly name: string;
  readonly address: string;
  readonly network: string;
  readonly port: number;
  /** any 32 bytes are a public key on Curve25519 */
  readonly key: string;
}

/** below the range from which wireguard-go takes a port until it is configured (ip_local_port_range) */
const BASE = 20000;

export const hubTunnels = (count: number): HubTunnel[] =>
  Array.from({ length: count }, (_, i) => {
    const network = `10.70.${Math.floor(i / 128)}.${(i % 128) * 2}`;
    return {
      name: `wg${i + 1}`,
      address: `${network}/31`,
      network: `${network}/31`,
      port: BASE + i,
      key: createHash('sha256').update(`peer ${i}`).digest('base64'),
    };
  });

const endpoint = '198.51.100.254:51820';

export function hubState(tunnels: readonly HubTunnel[]): string {
  const entries = tunnels.map(
    ({ name, address, port, key }) =>
      `  ${name}: {address: ${address}, listenPort: ${port}, peer: {publicKey: "${key}", endpoint: "${endpoint}"}, ` +
      `ospf: {cost: 15, type: ptmp}}`,
  );
  return `version: 1
router: {node: 111}
mesh:
  table: {name: nycmesh, id: 2}
  prefixes: [10.69.0.0/16, 10.70.0.0/16]
interfaces:
  eth1: {address: 10.69.1.11/24}
wireguard: {privateKeyFile: keys/hub.key}
tunnels:
${entries.join('\n')}
`;
}

export const hubSetconf = (tunnel: HubTunnel, privateKey: string): string =>
  `[Interface]\nPrivateKey = ${privateKey}\nListenPort = ${tunnel.port}\n[Peer]\nPublicKey = ${tunnel.key}\n` +
  `Endpoint = ${endpoint}\nAllowedIPs = 0.0.0.0/0, ::/0\n`;

/** The lines of `ip -batch` (`-6` ones apart), in our order: guards, addresses, lookups, links up, routes. */
export function hubBatch(tunnels: readonly HubTunnel[]): { readonly v4: string; readonly v6: string } {
  const links = [...tunnels.map(({ name }) => name), 'eth1'];
  const [guards, lookups] = [ruleLines(links, 'guard'), ruleLines(links, 'lookup')];
  const v4 = [
    'route add unreachable default table 2 metric 4294967295 proto 87',
    ...guards[4],
    ...tunnels.flatMap(({ name, address }) => [`link set dev ${name} mtu 1420`, `address add ${address} dev ${name}`]),
    'address add 10.69.1.11/24 dev eth1',
    ...lookups[4],
    ...tunnels.map(({ name }) => `link set dev ${name} up`),
    'route add 10.69.1.0/24 dev eth1 table 2 proto 87',
    ...tunnels.map(({ name, network }) => `route add ${network} dev ${name} table 2 proto 87`),
  ];
  const v6 = ['route add unreachable default table 2 metric 4294967295 proto 87', ...guards[6], ...lookups[6]];
  return { v4: `${v4.join('\n')}\n`, v6: `${v6.join('\n')}\n` };
}

export const hubOperations = (tunnels: readonly HubTunnel[]): number => {
  const { v4, v6 } = hubBatch(tunnels);
  return families.length + tunnels.length * 2 + (v4 + v6).trimEnd().split('\n').length;
};
