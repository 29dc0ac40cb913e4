// The version of an installed Debian package, from dpkg's own record. Reads only.
import type { Files } from './types.ts';

const DPKG_STATUS = '/var/lib/dpkg/status';

/** `252.38-1~deb12u1`; undefined if dpkg does not know it. Only for packages with plain names ([a-z0-9-]). */
export async function packageVersion(files: Pick<Files, 'read'>, name: string): Promise<string | undefined> {
  const status = (await files.read(DPKG_STATUS)) ?? '';
  const stanza = new RegExp(`^Package: ${name}\n(?:.+\n)*?Version: (.+)$`, 'm').exec(status);
  return stanza?.[1];
}
