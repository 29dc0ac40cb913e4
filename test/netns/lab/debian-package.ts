// A program of any Debian beside the machine's own: unpacked below .cache/debian once, not installed (debian-package.sh).
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Namespace } from './namespace.ts';

export interface DebianPackage {
  /** Debian's own text: `2.17.5-0+deb13u1` */
  readonly version: string;
  /** its commands; each starts with the libraries of its own Debian */
  readonly bin: string;
}

const script = join(import.meta.dirname, 'debian-package.sh');

/** Throws with the reason if the package is missing and cannot be fetched. Several processes may call it at once. */
export async function debianPackage(suite: 'bookworm' | 'trixie', name: string): Promise<DebianPackage> {
  const { stdout: folder } = await execa('bash', [script, suite, name]);
  return { version: (await readFile(join(folder, 'version'), 'utf8')).trim(), bin: join(folder, 'bin') };
}

/** From now on the commands of that name inside the namespace are these, not the machine's own. */
export async function usePackage(namespace: Namespace, { bin }: DebianPackage): Promise<void> {
  // /usr/local/sbin is first in the lab's PATH; only this namespace sees the mount
  await namespace.sh(`
    [ "$(stat -f -c %T /usr/local/sbin)" = tmpfs ] || mount -t tmpfs -o mode=755 tmpfs /usr/local/sbin
    ln -sf ${bin}/* /usr/local/sbin/`);
}
