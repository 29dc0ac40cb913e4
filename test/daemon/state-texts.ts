// State files that differ in the cost of their tunnel.

/** a public key */
export const key = (letter: string): string => `${letter.repeat(42)}A=`;
export const stateOf = (cost: number, more = ''): string => `version: 1
router: {node: 111}
mesh:
  table: {name: nycmesh, id: 2}
  prefixes: [10.69.0.0/16, 10.70.0.0/16]
tunnels:
  wg222: {address: 10.70.89.0/31, listenPort: 51825, peer: {publicKey: ${key('B')}}, ospf: {cost: ${cost}}}
${more}`;
