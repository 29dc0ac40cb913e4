// Disk, kernel and initial RAM disk of a Debian release, from the cache or built now (packaging/vm/build-image.sh).
import { execa } from 'execa';

export type Release = 'bookworm' | 'trixie';

/** The folder with root.img, vmlinuz and initrd.img. */
export async function buildImage(release: Release): Promise<string> {
  const { stdout } = await execa('sh', ['packaging/vm/build-image.sh', release], { stderr: 'inherit' });
  return stdout;
}
