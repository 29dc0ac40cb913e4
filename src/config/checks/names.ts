// Checks interface names: the kernel and every tool must accept them, and each is unique.
import { isInterfaceName } from '../../net/names.ts';
import type { Problem } from '../problem.ts';
import type { Resolved } from '../resolve/types.ts';

/** The kernel's loopback, and the two names that /proc/sys/net/ipv4/conf uses for all interfaces. */
const RESERVED: Readonly<Record<string, string>> = {
  lo: 'is the loopback, which every host has',
  all: 'stands for every interface in sysctl',
  default: 'stands for every new interface in sysctl',
};

/** `near`, or if another link has that name, `near` with a number. */
function unused(near: string, taken: ReadonlySet<string>): string {
  if (!taken.has(near)) return near;
  const numbered = Array.from({ length: 98 }, (_, i) => `${near.slice(0, 12)}-${i + 2}`);
  return numbered.find((name) => !taken.has(name)) ?? near;
}

function nearName(name: string): string {
  const near = name
    .replace(/[^A-Za-z0-9_.-]/g, '')
    .replace(/^-+/, '')
    .slice(0, 15);
  return isInterfaceName(near) && RESERVED[near] === undefined ? near : 'wg222';
}

function nameProblem(
  name: string,
  section: 'interfaces' | 'tunnels',
  taken: ReadonlySet<string>,
): Omit<Problem, 'path' | 'part'> | undefined {
  const reserved = Object.hasOwn(RESERVED, name) ? RESERVED[name] : undefined;
  if (reserved !== undefined) {
    const own = unused(section === 'tunnels' ? 'wg222' : 'dummy0', taken);
    const hint = name === 'lo' ? `${own}: with kind: dummy for an address that is always up` : `${own}:`;
    return {
      code: 'reserved-name',
      message: `\`${name}\` ${reserved}`,
      hint: section === 'interfaces' ? hint : `${own}:`,
    };
  }
  if (name.length > 15) {
    const message = `\`${name.slice(0, 40)}\` has ${name.length} characters, an interface name at most 15`;
    return { code: 'bad-name', message, hint: `${unused(nearName(name), taken)}:` };
  }
  if (isInterfaceName(name) && !name.startsWith('-')) return undefined;
  const message = `\`${name}\` is no interface name: those hold letters, digits, _ . and -, with no - in front`;
  return { code: 'bad-name', message, hint: `${unused(nearName(name), taken)}:` };
}

const keysOf = (map: object | undefined): string[] => Object.keys(map ?? {});

export function nameChecks({ said: { interfaces, tunnels } }: Resolved): Problem[] {
  const local = new Set(keysOf(interfaces));
  const all = new Set([...local, ...keysOf(tunnels)]);
  const check = (section: 'interfaces' | 'tunnels', name: string): Problem[] => {
    const problem = nameProblem(name, section, all);
    return problem === undefined ? [] : [{ ...problem, path: [section, name], part: 'key' }];
  };
  const twice = keysOf(tunnels)
    .filter((name) => local.has(name))
    .map((name): Problem => ({
      code: 'name-twice',
      path: ['tunnels', name],
      part: 'key',
      message: `\`${name}\` is already the name of an interface`,
      hint: `wg and the number of the node at the far end, such as wg222:`,
    }));
  return [
    ...[...local].flatMap((name) => check('interfaces', name)),
    ...keysOf(tunnels).flatMap((name) => check('tunnels', name)),
    ...twice,
  ];
}

/** A truncated file must not be read as "no tunnels any more". */
export function presenceChecks({ said }: Resolved): Problem[] {
  if (Object.hasOwn(said, 'interfaces') || Object.hasOwn(said, 'tunnels')) return [];
  return [
    {
      code: 'no-links',
      path: [],
      message: 'the file has neither interfaces nor tunnels; was it cut off?',
      hint: 'tunnels: {} if the router has none',
    },
  ];
}
