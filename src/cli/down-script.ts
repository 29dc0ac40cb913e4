// What `down` would do as a shell script, for the time when wgospf itself is gone: the package keeps one for `purge`. Each
// command is the operation's own, behind the question whether what it takes away is still ours. Pure.
import type { Operation } from '../engine/types.ts';
import { WGOSPF_PROTOCOL } from '../net/names.ts';
import type { RoutePayload } from '../resources/route/plan.ts';
import { isGuard } from '../resources/route/spec.ts';

export interface ScriptFacts {
  readonly version: string;
  /** /proc/sys/kernel/random/boot_id; undefined where the kernel has none */
  readonly bootId: string | undefined;
}

const head = ({ version, bootId }: ScriptFacts): string => `#!/bin/sh
# Takes away what wgospf ${version} has made on this host, as \`wgospf down\` would; printed by \`wgospf down --print-script\`.
# It may be run more than once. It exits with 1 where something of ours is left.
set -u
export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin

# After a reboot the kernel holds nothing of ours, and what settings were before us counts no more.
same_boot() { [ "$(cat /proc/sys/kernel/random/boot_id)" = '${bootId ?? 'unknown'}' ]; }
our_link() { case $(cat "/sys/class/net/$1/ifalias") in wgospf*) ;; *) return 1 ;; esac; }
our_file() { case $(head -n 1 "$1") in '# Managed by wgospf'*) ;; *) return 1 ;; esac; }
# BIRD takes the routes of a disabled protocol out of the kernel; a configure right behind it would have it forget them.
birdc() { command birdc "$@"; case " $* " in *' disable '*) sleep 1 ;; esac; }
links_left() { for link in /sys/class/net/*; do our_link "\${link##*/}" && echo "\${link##*/}"; done; }
# Not by \`ip rule list protocol\`, which lists the others too (iproute2 6.1).
rules_left() { { ip -N -4 rule; ip -N -6 rule; } | grep -w 'proto ${WGOSPF_PROTOCOL}'; }
`;

const tail = `
cleared=$( { links_left; rules_left; } 2>/dev/null)
[ -z "$cleared" ] || { echo "wgospf: this is left: $cleared" >&2; exit 1; }
`;

/** What the file has become where BIRD is given an empty configuration, and is down meanwhile. */
const bird = ({ key, command }: Operation): string[] => [
  `our_file ${key} && ${command}`,
  `[ "$(cat ${key})" = 'protocol device {}' ] && rm ${key}`,
];

/** BIRD's routes that came after the script was printed: nobody else would take them out of a table that was ours alone. */
function route({ command, payload }: Operation): string[] {
  const { spec } = payload as RoutePayload;
  const line = `same_boot && ${command}`;
  if (!isGuard(spec)) return [line];
  return [`same_boot && ip -${spec.dst.family} route flush table ${spec.table} proto bird`, line];
}

function linesOf(operation: Operation): string[] {
  const { kind, key, action, command } = operation;
  switch (kind) {
    case 'bird':
      return bird(operation);
    case 'route':
      return route(operation);
    case 'link':
      return [action === 'delete' ? `our_link ${key} && ${command}` : `same_boot && ${command}`];
    case 'name-file':
    case 'guard-file':
      return [`our_file ${key} && ${command}`];
    default:
      return [`same_boot && ${command}`];
  }
}

/** @param operations the plan of `down`, in its order */
export function downScript(operations: readonly Operation[], facts: ScriptFacts): string {
  const section = (title: string, name: string, guards: boolean): string[] => {
    const lines = operations.filter(({ stage }) => (stage === 'guard-remove') === guards).flatMap(linesOf);
    return [`\n# ${title}`, `${name}() {`, ...lines.map((line) => `  ${line}`), '  :', '}'];
  };
  return [
    head(facts).trimEnd(),
    ...section('links first, then what they stood on', 'take_down', false),
    ...section('guards last, and not while a link of ours could still leak', 'take_guards_down', true),
    '',
    'take_down >/dev/null 2>&1',
    '[ -n "$(links_left 2>/dev/null)" ] || take_guards_down >/dev/null 2>&1',
    'rm -f /run/wgospf/notes.json /var/lib/wgospf/state.yaml',
    'rmdir /run/wgospf 2>/dev/null',
    tail.trim(),
  ].join('\n');
}
