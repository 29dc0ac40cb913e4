// The product's rule set as lines of `ip -batch`, written by hand so that the rival does the same work.
const prefixes = ['10.69.0.0/16', '10.70.0.0/16'];

export const families = [4, 6] as const;

export function ruleLines(
  links: readonly string[],
  which: 'guard' | 'lookup',
): { readonly 4: readonly string[]; readonly 6: readonly string[] } {
  const add = (line: string): string => `rule add ${line} protocol 87`;
  const perLink = links.map((name) =>
    which === 'guard'
      ? add(`priority 1099 iif ${name} unreachable`)
      : add(`priority ${name === 'eth1' ? 1021 : 1031} iif ${name} lookup 2`),
  );
  const v4 =
    which === 'guard'
      ? [
          ...prefixes.map((p) => add(`priority 1012 to ${p} iif lo unreachable`)),
          ...prefixes.map((p) => add(`priority 1012 from ${p} iif lo unreachable`)),
          ...prefixes.map((p) => add(`priority 1098 to ${p} unreachable`)),
        ]
      : [
          ...prefixes.map((p) => add(`priority 1010 to ${p} iif lo lookup 2`)),
          ...prefixes.map((p) => add(`priority 1011 from ${p} iif lo lookup 2`)),
        ];
  const both = which === 'guard' ? [add('priority 1100 nop'), add('priority 1013 iif lo goto 1100')] : [];
  return { 4: [...v4, ...both, ...perLink], 6: [...both, ...perLink] };
}
