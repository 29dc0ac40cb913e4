// The interop mesh with everything that BIRD 2 and 3 support beyond OSPFv2 for IPv4. `ptp` tunnels: OSPFv2 and OSPFv3 together,
// with BFD; `ptmp` tunnels, in a separate instance: IPv4 over OSPFv3 (RFC 5838), and IPv6. HMAC signs all packets.
import { nodeState, type Flavour, type Node, type TunnelType } from './interop-mesh.ts';

const numberOf = ({ address }: Node): number => Number(address.split('.')[2]);

/** The node's address on the local network of that instance. */
export function localAddress(node: Node, type: TunnelType, family: 4 | 6): string {
  const net = numberOf(node) + (type === 'ptp' ? 0 : 100);
  return family === 4 ? `10.69.${net}.1` : `fd69:${net}::1`;
}

const both = (node: Node, type: TunnelType): string =>
  `[${localAddress(node, type, 4)}/24, "${localAddress(node, type, 6)}/64"]`;

const words: Readonly<Record<TunnelType, string>> = { ptp: 'bfd: {interval: 100}', ptmp: 'instance: over3' };

export const six: Flavour = {
  address: (index, side) => `[10.70.0.${index * 2 + side}/31, "fd70::${(index * 2 + side).toString(16)}/127"]`,
  ospf: (type) => `cost: 10, ${words[type]}, authentication: {passwordFile: keys/ospf, algorithm: hmac-sha512}`,
  state: (node, tunnels) =>
    nodeState(node, tunnels)
      .replace('10.70.0.0/16]', '10.70.0.0/16, "fd69::/16", "fd70::/16"]')
      .replace(`lan: {address: ${node.address}/24`, `lan: {address: ${both(node, 'ptp')}`)
      .replace('tunnels:', `  lan3: {address: ${both(node, 'ptmp')}, ospf: {stub: true, instance: over3}}\ntunnels:`)
      .concat('bird:\n  instances: {over3: {ipv4: v3}}\n'),
};
