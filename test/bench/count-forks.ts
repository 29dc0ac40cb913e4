// Counts the programs that something starts: a folder of stand-ins comes first in PATH; each notes its name and
// executes the real one.
import type { Namespace } from '../netns/lab/namespace.ts';

const FOLDER = '/run/counted';
const programs = ['wg', 'wireguard-go', 'ip', 'bird', 'birdc', 'sysctl', 'systemd-run', 'sh', 'bash', 'install', 'cat'];

/** Makes the stand-ins and returns the PATH that has them first. */
export async function countingPath(namespace: Namespace): Promise<string> {
  const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  await namespace.sh(`
    mkdir -p ${FOLDER}
    for p in ${programs.join(' ')}; do
      real=$(command -v $p) || continue
      printf '#!/bin/sh\\necho %s >>${FOLDER}/log\\nexec %s "$@"\\n' "$p" "$real" >${FOLDER}/$p
      chmod +x ${FOLDER}/$p
    done`);
  return `${FOLDER}:${path}`;
}

/** Programs started since countingPath(). */
export async function countedForks(namespace: Namespace): Promise<number> {
  return Number(await namespace.sh(`cat ${FOLDER}/log 2>/dev/null | wc -l`));
}
