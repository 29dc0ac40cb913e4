// Files that older versions kept in BIRD's own folder, where BIRD's user can replace them. The file from before us moves to
// root's tree; the others are deleted once BIRD runs the present file.
import { isHostError, UNSAFE_FILE } from '../../host/error.ts';
import type { HostReader } from '../../host/reader.ts';
import type { Host } from '../../host/types.ts';
import { NETNS_BIRD } from '../../model/defaults.ts';
import { keepCopy } from './kept.ts';
import { candidatePath } from './spec.ts';

const KEPT = '.before-wgospf';

const secretsName = (path: string): string =>
  path === NETNS_BIRD.configFile ? 'wgospf-netns-secrets.conf' : 'wgospf-secrets.conf';

/** Names beside a file of that name. */
const strayNames = (name: string, secrets: string): string[] => [
  ...[`${name}${KEPT}`, `${name}.last-good`, `${name}.new`],
  ...[secrets, `${secrets}.last-good`],
];

/** The paths of those that exist; judged only by their names. */
export async function straysOf(host: HostReader, path: string): Promise<string[]> {
  const at = path.lastIndexOf('/');
  const folder = path.slice(0, at);
  const there = new Set(await host.files.list(folder === '' ? '/' : folder));
  return strayNames(path.slice(at + 1), secretsName(path))
    .filter((name) => there.has(name))
    .map((name) => `${folder}/${name}`);
}

/** Removes names, never the target of a symbolic link. If a copy is no plain file, somebody else put it there, and it is not kept. */
export async function clearStrays(host: Host, path: string): Promise<void> {
  await host.files.remove(candidatePath(path));
  for (const stray of await straysOf(host, path)) {
    if (stray.endsWith(KEPT)) await moveKept(host, path, stray);
    await host.files.remove(stray);
  }
}

async function moveKept(host: Host, path: string, stray: string): Promise<void> {
  try {
    await keepCopy(host, path, stray);
  } catch (error) {
    if (!isHostError(error, UNSAFE_FILE)) throw error;
  }
}
