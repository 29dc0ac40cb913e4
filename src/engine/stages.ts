// The order of all operations. docs/adr/0003 gives the reasons and the measurements; the seed's order is link add,
// wg setconf, link up, route add, rule add, with leak windows that this one closes.

export const stages = [
  'file-write', // names of our table and protocol, key files: nothing on the wire yet
  'guard-add', // what refuses comes before what forwards: guard rules, unreachable default
  'link-create', // down as yet
  'link-set',
  'port-release', // a UDP port that changes hands is let go before it is taken
  'wireguard-set',
  'sysctl-prepare', // what addresses and forwarding stand on: IPv6 switched on, router advertisements taken all the same
  'address-add', // its connected route in main is covered by the reverse guard
  'rule-add', // lookup rules take a link that is down or missing
  'sysctl-set', // forwarding only once guards and rules stand; rp_filter of the new links
  'link-up', // from here packets flow
  'route-add', // a route wants its device up (ENETDOWN)
  'bird-configure',
  'link-remove', // going down: link first, what it carried is refused by rules and guards that still stand
  'address-remove',
  'rule-remove', // before the routes of their table: packets meet the guards then, and never a table half empty
  'route-remove',
  'sysctl-restore',
  'guard-remove', // guards last
  'file-remove',
] as const;

export type Stage = (typeof stages)[number];
