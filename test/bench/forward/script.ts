// The whole measurement as one bash script for root, so that it runs both here and in a virtual machine. It makes its own
// network namespaces, which end with it, and prints one line for each measurement (see types below).
import { readFile } from 'node:fs/promises';
import type { Rival } from './modes.ts';

export const traffics = ['mesh', 'underlay', 'own'] as const;
/** forwarded from a tunnel to a local network; forwarded by the underlay; sent by the router itself over the underlay */
export type Traffic = (typeof traffics)[number];

export interface ScriptOptions {
  readonly runs: number;
  /** of one measurement */
  readonly seconds: number;
}

/** `ns INDEX TRAFFIC NANOSECONDS`, `generator NANOSECONDS`, `lost INDEX TRAFFIC SENT ARRIVED`, `failed INDEX WHY` */
const library = `
set -u
mkdir -p /run/netns && mount -t tmpfs tmpfs /run/netns
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT

in_ns() { local ns=$1; shift; nsenter --net=/run/netns/$ns "$@"; }

# two ends of a wire: every near end has the address ...:01, nobody has ...:99
wire() { # NEAR-NS NEAR FAR-NS FAR
  ip link add "near$$" address 02:00:00:00:00:01 type veth peer name "far$$" address 02:00:00:00:00:02
  ip link set "near$$" netns "$1" name "$2"; ip link set "far$$" netns "$3" name "$4"
  ip -n "$3" link set "$4" up
}

# sender s, router r, sink k: s:tun - r:INGRESS, s:net - r:eth0, r:eth1 - k:lan, r:eth2 - k:far
stage() { # INDEX INGRESS ADDRESS INSIDE
  local i=$1 ns
  for ns in s$i r$i k$i; do ip netns add $ns; ip -n $ns link set lo up; done
  wire r$i "$2" s$i tun; wire r$i eth0 s$i net; wire r$i eth1 k$i lan; wire r$i eth2 k$i far
  in_ns r$i bash -e -u "$work/rival$i" 2>"$work/why$i" >&2 || return 1
  ip -n r$i address add 198.51.100.1/24 dev eth0; ip -n r$i address add 203.0.113.1/24 dev eth2
  ip -n r$i link set eth0 up; ip -n r$i link set eth2 up; in_ns r$i sysctl -qw net.ipv4.ip_forward=1
  # nobody takes the packets at the far end: they are dropped there at once, as another's
  ip -n "\${4:-r$i}" neigh replace 10.69.1.50 lladdr 02:00:00:00:00:99 nud permanent dev eth1
  ip -n r$i neigh replace 203.0.113.50 lladdr 02:00:00:00:00:99 nud permanent dev eth2
  ip -n s$i address add "\${3%.*}.$((\${3##*.} + 1))/31" dev tun; ip -n s$i address add 198.51.100.2/24 dev net
  ip -n s$i neigh replace "$3" lladdr 02:00:00:00:00:01 nud permanent dev tun
  ip -n s$i neigh replace 198.51.100.1 lladdr 02:00:00:00:00:01 nud permanent dev net
  ip -n s$i neigh replace 198.51.100.9 lladdr 02:00:00:00:00:99 nud permanent dev net
  ip -n s$i route add 10.69.1.0/24 via "$3"; ip -n s$i route add 203.0.113.0/24 via 198.51.100.1
}

arrived() { ip -n k$1 -s link show dev "$2" | awk '/RX:/ { getline; print $2 }'; }

send() { in_ns "$1" taskset -c 0 perl "$work/send.pl" "$2" "$seconds" "$3"; }

measure() { # INDEX TRAFFIC FROM-NS TO HOW SINK
  local i=$1 before after sent ns
  before=$(arrived $i $6)
  read -r sent ns < <(send "$3" "$4" "$5" 2>&1)
  case "$sent" in '' | *[!0-9]*) echo "lost $i $2 $sent $ns"; return ;; esac
  after=$(arrived $i $6)
  # a stray neighbour solicitation more does not count, a packet less of a hundred does
  if [ $((after - before)) -lt $((sent - sent / 100)) ]; then echo "lost $i $2 $sent $((after - before))"
  else echo "ns $i $2 $ns"; fi
}

round() { # INDEX
  local i=$1
  read -r _ ns < <(send s$i 198.51.100.9 connected) && echo "generator $ns"
  measure $i mesh s$i 10.69.1.50 connected lan
  measure $i underlay s$i 203.0.113.50 connected far
  measure $i own r$i 203.0.113.50 each far
}
`;

const heredoc = (path: string, text: string, end: string): string => `cat >"${path}" <<'${end}'\n${text}\n${end}`;

export async function measurement(rivals: readonly Rival[], { runs, seconds }: ScriptOptions): Promise<string> {
  const sender = await readFile(new URL('send.pl', import.meta.url), 'utf8');
  const stages = rivals.flatMap(({ script, ingress, address, inside = '' }, i) => [
    heredoc(`$work/rival${i}`, script, 'RIVAL'),
    `if stage ${i} ${ingress} ${address} ${inside}; then ready+=(${i}); else echo "failed ${i} $(head -1 "$work/why${i}")"; fi`,
  ]);
  return [
    library,
    `seconds=${seconds}`,
    heredoc('$work/send.pl', sender, 'SENDER'),
    'ready=()',
    ...stages,
    'for i in "${ready[@]}"; do round $i >/dev/null; done # caches are warm then',
    `for run in $(seq ${runs}); do for i in "\${ready[@]}"; do round $i; done; done`,
    '',
  ].join('\n');
}
