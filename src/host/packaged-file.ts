// Whether a file is unchanged since its Debian package installed it, from the package managers' own records: ucf(1) for files that
// a package's script installs, dpkg for conffiles (deb-conffiles(5)). Reads only.
import { createHash } from 'node:crypto';
import type { Files } from './types.ts';

/** Lines `MD5  PATH` with the digest of the package's file, even if the administrator changed the file. */
const UCF_HASHES = '/var/lib/ucf/hashfile';
/** Stanzas with `Conffiles:`, followed by lines ` PATH MD5 [obsolete]`. */
const DPKG_STATUS = '/var/lib/dpkg/status';

const escaped = (path: string): string => path.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

function recorded(text: string | undefined, line: RegExp): string[] {
  return [...(text ?? '').matchAll(line)].flatMap(([, digest]) => digest ?? []);
}

/** False if the file belongs to no package. */
export async function isAsPackaged(files: Pick<Files, 'read'>, path: string, text: string): Promise<boolean> {
  const digest = createHash('md5').update(text).digest('hex');
  const name = escaped(path);
  const ucf = recorded(await files.read(UCF_HASHES), new RegExp(`^([0-9a-f]{32}) +${name}$`, 'gm'));
  if (ucf.length > 0) return ucf.includes(digest);
  return recorded(await files.read(DPKG_STATUS), new RegExp(`^ ${name} ([0-9a-f]{32})$`, 'gm')).includes(digest);
}
