// Everything that a router's configuration can change, as text: if two dumps are equal, the router is "exactly as it was found".
import type { Namespace } from './namespace.ts';

// Left out are counters, ages and values that change by themselves. `ip -d` prints attributes that plain `ip` hides (rule protocol,
// link kind); wg(8) hides keys.
const script = `
section() { printf '== %s\\n' "$1"; }
section links;     ip -d link | sed 's/ [a-z_]*_timer *[0-9.]*//g'
section addresses; ip -d addr | grep -E '^[0-9]+:|inet'
section routes;    ip -d -4 route show table all; ip -d -6 route show table all | sed 's/ expires [0-9]*sec//'
section rules;     ip -d -4 rule; ip -d -6 rule
section wireguard; wg show all | grep -vE 'handshake|transfer' || true
section nftables;  nft -s list ruleset 2>/dev/null || true
section sysctl;    sysctl -a -r '^net\\.ipv[46]\\.(conf|ip_forward)' 2>/dev/null | grep -v stable_secret
section processes; ps -e -o user=,args= --sort args | grep -vE ' (ps|bash) | \\[?grep\\b' || true
section files
find /etc /run -xdev -printf '%M %u:%g %p %l\\n' | sort -k3
find /etc /run -xdev -type f -exec sha256sum {} + | sort -k2
`;

export const dump = (namespace: Namespace): Promise<string> => namespace.sh(script);
