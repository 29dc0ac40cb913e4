// State files of one router with IPv6 in some of its parts.

const head = `version: 1
router: {node: 111}
mesh:
  table: {name: nycmesh, id: 2}
  prefixes: [10.69.0.0/16, 10.70.0.0/16, "fd42::/16"]
`;
const PEER = 'xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=';

/** @param words further keys of the tunnel, as lines of YAML */
export const ipv6State = (words: string, more = ''): string =>
  `${head}tunnels:\n  wg222:\n    listenPort: 51825\n    peer: {publicKey: ${PEER}}\n    ${words}\n${more}`;

export const DUAL = 'address: [10.70.89.0/31, "fd42:89::/127"]';
export const V4_ONLY = 'address: 10.70.89.0/31';
