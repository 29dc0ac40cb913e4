// The order of all operations. docs/adr/0003 gives the reasons and the measurements; the seed's order is link add,
// wg setconf, link up, route add, rule add, with leak windows that this one closes.

export const stages = [
  'file-write', // names of our table and protocol, key files: no effect on traffic yet
  'guard-add', // guard rules and the unreachable default come before everything that forwards
  'rule-withdraw', // a lookup by the name of a foreign link: until then it is an open path into the mesh
  'bird-stop', // the BIRD inside a namespace: it would keep a deleted namespace alive, and its links leave
  'netns-add', // the namespace that links move into
  'link-create', // still down
  'link-move', // into the mesh's namespace or out of it; a link arrives down, without addresses and routes
  'link-set',
  'port-release', // one tunnel releases a UDP port before another takes it
  'wireguard-set',
  'sysctl-prepare', // addresses and forwarding need these: IPv6 on, router advertisements accepted despite forwarding
  'address-add', // its connected route in main is covered by the reverse guard
  'rule-add', // lookup rules may name a link that is down or missing
  'sysctl-set', // forwarding only after guards and rules are in place; rp_filter of the new links
  'link-enslave', // into the VRF or out of it: the link goes down and up, while the lookups of both modes are in place
  'link-up', // from here packets flow
  'route-add', // a route needs its device up (ENETDOWN)
  'bird-configure',
  'bird-start', // after its file is written
  'link-remove', // removal starts with the link: rules and guards, still in place, refuse its packets
  'address-remove',
  'rule-remove', // before the routes of their table: packets then meet the guards, never a half-empty table
  'route-remove',
  'sysctl-restore',
  'netns-remove', // when nothing of ours is left inside
  'guard-remove', // guards last
  'file-remove',
] as const;

export type Stage = (typeof stages)[number];
