// Checks OSPF instances: their names, which become names of protocols, and their links.
import { MAIN_INSTANCE } from '../../model/defaults.ts';
import { matchesPattern } from '../../net/name-pattern.ts';
import type { Problem } from '../problem.ts';
import type { Instance, Resolved } from '../resolve/types.ts';
import { nearest } from '../suggest.ts';

/** Names for which NAME4 and NAME6 are protocols of ours, or words of BIRD's grammar (`ipv4`). */
const TAKEN: readonly string[] = [MAIN_INSTANCE, 'direct', 'kernel', 'originate', 'ipv'];

function nameChecks({ name, path }: Instance): Problem[] {
  if (name === MAIN_INSTANCE && path[1] === 'ospf') return [];
  if (/^[A-Za-z][A-Za-z0-9_]{0,31}$/.test(name) && !TAKEN.includes(name)) return [];
  const message = TAKEN.includes(name)
    ? `${name}4 is another protocol's name, or a word of BIRD's`
    : `\`${name}\` is no name in BIRD's language`;
  return [
    { code: 'instance-name', path, part: 'key', message, hint: 'campus: another letter and then letters, digits, _' },
  ];
}

function linkChecks({ ospfLinks, instances }: Resolved): Problem[] {
  const names = instances.map(({ name }) => name);
  return ospfLinks.flatMap(({ ospf: { instance, path } }): Problem[] => {
    if (instance.known) return [];
    const { name } = instance;
    const near = nearest(name, names);
    const hint = near === undefined ? `bird: {instances: {${name}: {area: 0}}}` : `instance: ${near}`;
    return [
      { code: 'unknown-instance', path: [...path, 'instance'], message: `bird.instances has no \`${name}\``, hint },
    ];
  });
}

function unusedChecks({ ospfLinks, instances }: Resolved): Problem[] {
  const used = new Set(ospfLinks.map(({ ospf }) => ospf.instance.name));
  return instances.slice(1).flatMap(({ name, path }): Problem[] =>
    used.has(name)
      ? []
      : [
          {
            code: 'instance-unused',
            severity: 'warning',
            path,
            part: 'key',
            message: `no link belongs to the instance ${name}: it has no neighbours`,
            hint: `at its links: ospf: {instance: ${name}}`,
          },
        ],
  );
}

/** Whether an interface name could match both: the patterns do not differ before their first `*` or `?`. */
function meet(a: string, b: string): boolean {
  const [x = '', y = ''] = [a, b].map((pattern) => pattern.replace(/[*?].*$/, ''));
  return matchesPattern(a, b) || matchesPattern(b, a) || ((x.startsWith(y) || y.startsWith(x)) && /[*?]/.test(a + b));
}

/** A new interface that matches two patterns would be in two instances. */
function patternChecks({ tunnels, instances }: Resolved): Problem[] {
  const patterns = instances.flatMap(({ said, path }) =>
    said.tunnelPattern === undefined ? [] : [{ pattern: said.tunnelPattern, path: [...path, 'tunnelPattern'] }],
  );
  return patterns.flatMap(({ pattern, path }, i): Problem[] => {
    const other = patterns.slice(0, i).find((earlier) => meet(earlier.pattern, pattern));
    if (other !== undefined) {
      const message = `an interface could match both ${pattern} and ${other.pattern}, and would be in two OSPF instances`;
      return [{ code: 'pattern-overlap', path, message, hint: 'a pattern in only one of them' }];
    }
    if (tunnels.length === 0 || tunnels.some(({ name }) => matchesPattern(pattern, name))) return [];
    const message = `no tunnel's name matches ${pattern}`;
    const hint = 'tunnelPattern: wg*, for tunnels that are named wg222';
    return [{ code: 'pattern-unused', severity: 'warning', path, message, hint }];
  });
}

export const instanceChecks = (resolved: Resolved): Problem[] => [
  ...resolved.instances.flatMap(nameChecks),
  ...linkChecks(resolved),
  ...unusedChecks(resolved),
  ...patternChecks(resolved),
];
