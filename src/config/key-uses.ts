// The key files that a state file names, with their paths in it; for a faulty file, those that could be read.
import type { Path } from './locate.ts';
import { keyPath, privateKeyName } from './resolve/key-file.ts';
import type { Resolved } from './resolve/types.ts';

export interface KeyUse {
  readonly tunnel: string;
  /** the folder of the state file, to which names are relative */
  readonly folder: string;
  /** absolute if the state file's own path is */
  readonly privateKeyFile: { readonly file: string; readonly path: Path } | undefined;
  readonly presharedKeyFile: { readonly file: string; readonly path: Path } | undefined;
  /** the peer's */
  readonly publicKey: { readonly key: string; readonly linkLocal: string | undefined; readonly path: Path } | undefined;
}

export function keyUses({ said: { wireguard }, tunnels, folder }: Resolved): KeyUse[] {
  return tunnels.map(({ name, path, said, farLinkLocal }): KeyUse => {
    const own = Object.hasOwn(said, 'privateKeyFile');
    const shared = !own && wireguard !== undefined && Object.hasOwn(wireguard, 'privateKeyFile');
    // a faulty name has its own message
    const faulty = (own && said.privateKeyFile === undefined) || (shared && wireguard.privateKeyFile === undefined);
    const privateKey = keyPath(folder, privateKeyName(name, said.privateKeyFile, wireguard?.privateKeyFile));
    const { presharedKeyFile, publicKey } = said.peer ?? {};
    return {
      tunnel: name,
      folder,
      privateKeyFile: faulty
        ? undefined
        : { file: privateKey, path: shared ? ['wireguard', 'privateKeyFile'] : [...path, 'privateKeyFile'] },
      presharedKeyFile:
        presharedKeyFile === undefined
          ? undefined
          : { file: keyPath(folder, presharedKeyFile), path: [...path, 'peer', 'presharedKeyFile'] },
      publicKey:
        publicKey === undefined
          ? undefined
          : { key: publicKey, linkLocal: farLinkLocal, path: [...path, 'peer', 'publicKey'] },
    };
  });
}
