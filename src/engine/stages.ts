// The order of all operations. docs/adr/0003 gives the reasons and the measurements; the seed's order is link add,
// wg setconf, link up, route add, rule add, with leak windows that this one closes.

export const stages = [
  'file-write', // names of our table and protocol, key files: nothing on the wire yet
  'guard-add', // what refuses comes before what forwards: guard rules, unreachable default
  'rule-withdraw', // a lookup by the name of a link that is another's: a way into the mesh that is open until then
  'bird-stop', // the one inside a namespace: it would keep one that is gone alive, and links leave it
  'netns-add', // the namespace that links move into
  'link-create', // down as yet
  'link-move', // into the mesh's namespace or out of it; a link arrives down, without addresses and routes
  'link-set',
  'port-release', // a UDP port that changes hands is let go before it is taken
  'wireguard-set',
  'sysctl-prepare', // what addresses and forwarding stand on: IPv6 switched on, router advertisements taken all the same
  'address-add', // its connected route in main is covered by the reverse guard
  'rule-add', // lookup rules take a link that is down or missing
  'sysctl-set', // forwarding only once guards and rules stand; rp_filter of the new links
  'link-enslave', // into the VRF or out of it: the link is cycled, and the lookups of both modes stand
  'link-up', // from here packets flow
  'route-add', // a route wants its device up (ENETDOWN)
  'bird-configure',
  'bird-start', // with the file that it shall run
  'link-remove', // going down: link first, what it carried is refused by rules and guards that still stand
  'address-remove',
  'rule-remove', // before the routes of their table: packets meet the guards then, and never a table half empty
  'route-remove',
  'sysctl-restore',
  'netns-remove', // nothing of ours is in it any more
  'guard-remove', // guards last
  'file-remove',
] as const;

export type Stage = (typeof stages)[number];
