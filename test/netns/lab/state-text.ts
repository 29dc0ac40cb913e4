// State files of the lab's routers; OSPF timers are short so that tests are short.

export interface TunnelText {
  readonly address: string;
  readonly port: number;
  /** the far end's public key */
  readonly key: string;
  readonly endpoint?: string;
  /** with a preshared key in keys/NAME.psk */
  readonly psk?: boolean;
  readonly cost?: number;
}

export interface StateOptions {
  readonly node: number;
  /** address of the local interface, a stub network */
  readonly eth1: string;
  readonly tunnels: Readonly<Record<string, TunnelText>>;
}

function tunnelText(name: string, { address, port, key, endpoint, psk, cost = 15 }: TunnelText): string {
  return `
  ${name}:
    address: ${address}
    listenPort: ${port}
    privateKeyFile: keys/${name}.key
    peer:
      publicKey: ${key}${endpoint === undefined ? '' : `\n      endpoint: ${endpoint}`}
${psk ? `      presharedKeyFile: keys/${name}.psk\n` : ''}      persistentKeepalive: 25
    ospf: {cost: ${cost}, type: ptmp, hello: 1, dead: 4}`;
}

export function stateText({ node, eth1, tunnels }: StateOptions): string {
  const entries = Object.entries(tunnels).map(([name, tunnel]) => tunnelText(name, tunnel));
  return `version: 1
router: {node: ${node}}
mesh:
  table: {name: nycmesh, id: 2}
  prefixes: [10.69.0.0/16, 10.70.0.0/16]
interfaces:
  eth1: {address: ${eth1}, ospf: {stub: true}}
tunnels:${entries.length === 0 ? ' {}' : entries.join('')}
`;
}
