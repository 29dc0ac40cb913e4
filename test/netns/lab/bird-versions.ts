// The BIRDs that our routers meet: Debian 12's bird (1.6) and bird2, Debian 13's bird2 and bird3, on any machine.
import { join } from 'node:path';
import { debianPackage, usePackage, type DebianPackage } from './debian-package.ts';
import type { Namespace } from './namespace.ts';

export interface BirdVersion extends DebianPackage {
  readonly label: '1.6' | '2.0' | '2.x' | '3.x';
  readonly major: 1 | 2 | 3;
  /** Debian's package, `bookworm bird` */
  readonly from: string;
  /** the command to start instead of `bird`; `usePackage` puts it into a namespace's PATH */
  readonly bird: string;
  readonly birdc: string;
}

const packages = [
  ['1.6', 1, 'bookworm', 'bird'],
  ['2.0', 2, 'bookworm', 'bird2'],
  ['2.x', 2, 'trixie', 'bird2'],
  ['3.x', 3, 'trixie', 'bird3'],
] as const;

let known: Promise<readonly BirdVersion[]> | undefined;

/** All four, oldest first, fetched if missing. `version` is BIRD's own text: `2.17.5`. */
export const birdVersions = (): Promise<readonly BirdVersion[]> =>
  (known ??= Promise.all(
    packages.map(async ([label, major, suite, name]) => {
      const found = await debianPackage(suite, name);
      const [bird, birdc] = [join(found.bin, 'bird'), join(found.bin, 'birdc')];
      const version = found.version.replace(/-.*/, '');
      return { ...found, version, label, major, from: `${suite} ${name}`, bird, birdc };
    }),
  ));

/** One of them. */
export async function birdVersion(label: BirdVersion['label']): Promise<BirdVersion> {
  const found = (await birdVersions()).find((version) => version.label === label);
  if (found === undefined) throw new Error(`there is no BIRD ${label}`);
  return found;
}

/** Makes that BIRD the one of the namespace, with its package's /etc/bird/bird.conf. */
export async function useBird(namespace: Namespace, version: BirdVersion): Promise<void> {
  await usePackage(namespace, version);
  // each package has the file as a template: usr/share/bird, bird2, bird3; bird6 of 1.6 is a separate program
  await namespace.sh(`
    install -o bird -g bird -m 640 ${version.bin}/../root/usr/share/bird*/*.conf /etc/bird/`);
}
