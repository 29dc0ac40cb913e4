// The version of an installed Debian package, by dpkg's own record. Reads only.
import type { Files } from './types.ts';

const DPKG_STATUS = '/var/lib/dpkg/status';

/** `252.38-1~deb12u1`; undefined where dpkg does not know it. Only packages of plain names ([a-z0-9-]). */
export async function packageVersion(files: Pick<Files, 'read'>, name: string): Promise<string | undefined> {
  const status = (await files.read(DPKG_STATUS)) ?? '';
  const stanza = new RegExp(`^Package: ${name}\n(?:.+\n)*?Version: (.+)$`, 'm').exec(status);
  return stanza?.[1];
}
