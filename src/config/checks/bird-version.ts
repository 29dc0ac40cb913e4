// Checks the features of the BIRD version: 1.6 has one daemon per family, and wgospf configures the IPv4 one.
import type { Problem } from '../problem.ts';
import { birdVersion } from '../resolve/dialect.ts';
import { addressOf, type Instance, type Resolved } from '../resolve/types.ts';

const HINT = 'BIRD 2 or later (apt install bird2)';

function otherThanInstalled({ said: { bird }, env: { bird: found }, birdVersion: version }: Resolved): Problem[] {
  const said = bird?.version;
  if (said === undefined || said === 'auto' || found === undefined) return [];
  const installed = birdVersion('auto', found);
  // 2 and 3 read the same text
  if ((version === '1.6') === (installed === '1.6')) return [];
  const message = `the installed BIRD is ${found}, and refuses a file for ${said}`;
  const hint = `version: ${installed === '1.6' ? "'1.6'" : installed}, or auto`;
  return [{ code: 'bird-version', severity: 'warning', path: ['bird', 'version'], message, hint }];
}

function ofInstance({ ospfLinks }: Resolved, instance: Instance): Problem[] {
  const { path, said } = instance;
  const only = (word: string, what: string, hint: string): Problem => ({
    code: 'bird-1.6',
    path: [...path, word],
    message: `BIRD 1.6 has no ${what}`,
    hint: `${hint}; or ${HINT}`,
  });
  const problems: Problem[] = [];
  if (said.ipv4 === 'v3') problems.push(only('ipv4', 'IPv4 by OSPFv3 (RFC 5838)', 'ipv4: v2'));
  if (said.ipv6 === true)
    problems.push(only('ipv6', 'OSPFv3 beside IPv4: that is a daemon of its own, bird6', 'ipv6: false'));
  if (said.ipv6 !== undefined) return problems;
  const links = ospfLinks.filter((link) => link.ospf.instance === instance && addressOf(link, 6) !== undefined);
  const message = 'this IPv6 address needs OSPFv3, which BIRD 1.6 has only in a separate daemon, bird6';
  const hint = `${path.join('.')}.ipv6: false; or ${HINT}`;
  return [
    ...problems,
    ...links.flatMap(({ addresses }) =>
      addresses
        .filter(({ prefix }) => prefix.family === 6)
        .map((address): Problem => ({ code: 'bird-1.6', path: address.path, message, hint })),
    ),
  ];
}

/** In 1.6 a key id must be greater than zero (proto/ospf, nest/password.c). */
function keyZero({ ospfLinks }: Resolved): Problem[] {
  return ospfLinks.flatMap(({ ospf: { said, path: ospf } }): Problem[] => {
    const { authentication } = said;
    if (authentication === undefined) return [];
    const path = [...ospf, 'authentication'];
    const { keys = [] } = authentication;
    const zero = [
      ...(authentication.id === 0 ? [[...path, 'id']] : []),
      ...keys.flatMap((key, i) => (key?.id === 0 ? [[...path, 'keys', i, 'id']] : [])),
    ];
    const taken = new Set([authentication.id, ...keys.map((key) => key?.id)]);
    const free = Array.from({ length: 255 }, (_, i) => i + 1).find((id) => !taken.has(id)) ?? 1;
    const hint = `id: ${free}, or another from 1 to 255, at both ends; or ${HINT}`;
    return zero.map((at) => ({ code: 'bird-1.6', path: at, message: 'BIRD 1.6 has no key with the id 0', hint }));
  });
}

export function birdVersionChecks(resolved: Resolved): Problem[] {
  const limits =
    resolved.birdVersion === '1.6'
      ? [...resolved.instances.flatMap((instance) => ofInstance(resolved, instance)), ...keyZero(resolved)]
      : [];
  return [...otherThanInstalled(resolved), ...limits];
}
