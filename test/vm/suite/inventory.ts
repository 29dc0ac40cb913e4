// The state of a machine: its files with their contents, and the kernel's view of the network.
import type { Router } from './router.ts';

export interface Inventory {
  /** `mode owner:group path size target`, and `hash path` of those in /etc */
  files: string[];
  kernel: string;
}

/** Files that others may change at any time: logs, caches, dpkg's own lists, and runtime files of a boot. */
const others = [
  '/dev',
  '/proc',
  '/sys',
  '/run',
  '/tmp',
  '/var/tmp',
  '/var/log',
  '/var/cache',
  '/root',
  '/var/lib/dpkg',
  '/var/lib/apt',
  '/var/lib/systemd/timers',
  '/var/lib/systemd/random-seed',
  '/usr/local/lib/wgospf-test',
  '/lost+found',
  // backups that groupadd(8) and groupdel(8) keep
  '/etc/group-',
  '/etc/gshadow-',
];

const pruned = others.map((path) => `-path ${path}`).join(' -o ');

/** Contents are compared in /etc, sizes elsewhere. dpkg's lists of the package itself count: a purge removes them. */
const files = `{
  find / -xdev \\( ${pruned} \\) -prune -o -type d -printf '%m %u:%g %p/\\n' -o -printf '%m %u:%g %p %s %l\\n'
  find /etc \\( ${pruned} \\) -prune -o -type f -print0 | xargs -0 sha256sum
  find /var/lib/dpkg/info -name 'wgospf*'
} | sort`;

const kernel = `
ip -o link | sed 's/ qdisc .*//'
ip -o -4 address | sed 's/ *valid_lft.*//'
ip rule; ip -6 rule
ip -4 route show table all | sort
sysctl -a 2>/dev/null | grep -E '^net.ipv[46].*[.](ip_forward|forwarding|rp_filter|promote_secondaries)' | sort
ls /proc/sys/net/ipv4/conf
birdc show protocols | tail -n +2 | awk '{ print $1, $2 }' | sort
# a pid 1 that is busy for 25 s (the bus's patience) has told nothing, which is no empty list
until units=$(systemctl list-unit-files --no-legend); do sleep 1; done
echo "$units" | grep -v '^run-' | sort
`;

/** The lines of the kernel and systemd that `down` restores: wgospf's own units stay as long as the package is installed. */
export const givenBack = (kernel: string): string[] => kernel.split('\n').filter((line) => !line.startsWith('wgospf'));

export const kernelOf = (router: Router): Promise<string> => router.sh(kernel, 300);

export async function takeInventory(router: Router): Promise<Inventory> {
  const [found, kernel] = [await router.sh(files, 300), await kernelOf(router)];
  return { files: found.split('\n'), kernel };
}

/** The lines that only one of both has: `- LINE` of the first, `+ LINE` of the second. */
export function difference(first: string[], second: string[]): string[] {
  const [was, is] = [new Set(first), new Set(second)];
  return [
    ...first.filter((line) => !is.has(line)).map((line) => `- ${line}`),
    ...second.filter((line) => !was.has(line)).map((line) => `+ ${line}`),
  ];
}
