// Which key files a state file names, and where; of a faulty file what could be read.
import type { Path } from './locate.ts';
import { keyPath, privateKeyName } from './resolve/key-file.ts';
import type { Resolved } from './resolve/types.ts';

export interface KeyUse {
  readonly tunnel: string;
  /** of the state file: where relative names start from */
  readonly folder: string;
  /** absolute where the state file's own path is */
  readonly privateKeyFile: { readonly file: string; readonly path: Path } | undefined;
  readonly presharedKeyFile: { readonly file: string; readonly path: Path } | undefined;
  /** the peer's */
  readonly publicKey: { readonly key: string; readonly linkLocal: string | undefined; readonly path: Path } | undefined;
}

export function keyUses({ said: { wireguard }, tunnels, folder }: Resolved): KeyUse[] {
  return tunnels.map(({ name, path, said, farLinkLocal }): KeyUse => {
    const own = Object.hasOwn(said, 'privateKeyFile');
    const shared = !own && wireguard !== undefined && Object.hasOwn(wireguard, 'privateKeyFile');
    // a name that stands there but is faulty has its own message
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
