// Checks keys: WireGuard distinguishes peers by their keys, so a key has only one use.
import type { Problem } from '../problem.ts';
import { privateKeyName } from '../resolve/key-file.ts';
import type { Resolved } from '../resolve/types.ts';

export function keyChecks({ said: file, tunnels }: Resolved): Problem[] {
  const first = new Map<string, string>();
  const shared = file.wireguard?.privateKeyFile;
  return tunnels.flatMap(({ name, path, said }): Problem[] => {
    const problems: Problem[] = [];
    const { publicKey, presharedKeyFile } = said.peer ?? {};
    const before = publicKey === undefined ? undefined : first.get(publicKey);
    if (before !== undefined) {
      problems.push({
        code: 'peer-twice',
        path: [...path, 'peer', 'publicKey'],
        message: `the peer of ${before} has this key already`,
        hint: `the key that the far end of ${name} prints with \`wg show\`; a router with two tunnels to this one needs a key for each`,
      });
    } else if (publicKey !== undefined) first.set(publicKey, name);
    if (presharedKeyFile !== undefined && presharedKeyFile === privateKeyName(name, said.privateKeyFile, shared)) {
      problems.push({
        code: 'key-file-shared',
        path: [...path, 'peer', 'presharedKeyFile'],
        message: `${presharedKeyFile} is already the private key of this tunnel, which must never leave the router`,
        hint: `presharedKeyFile: keys/${name}.psk`,
      });
    }
    return problems;
  });
}
