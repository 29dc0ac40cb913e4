// A router with one tunnel, one local interface and an uplink.
export const state = `
version: 1
router: {node: 111}
mesh: {table: {name: nycmesh, id: 2}, prefixes: [10.69.0.0/16, 10.70.0.0/16]}
interfaces: {eth1: {address: 10.69.1.11/24}}
tunnels:
  wg222:
    address: 10.70.89.0/31
    listenPort: 51825
    peer: {publicKey: xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=, endpoint: "203.0.113.2:51825"}
`;
export const boot = `
ip link set lo up
ip link add eth0 type veth
ip link add eth1 type veth
ip link set eth0 up
ip link set eth1 up
ip address add 198.51.100.1/24 dev eth0
ip route add default via 198.51.100.254
`;
