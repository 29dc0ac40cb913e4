// `bird -p -c FILE`: BIRD's parser on a file, without a daemon, with the eyes of the user that BIRD runs as. What root may read
// and that user may not (a folder of mode 0700, an included file) is found before the running BIRD is asked to take it.
import { existsSync, realpathSync, statSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Owner } from '../accounts.ts';
import { isHostError, type HostError } from '../error.ts';
import { exitStatus, run } from '../processes.ts';
import { serviceUser } from './service-user.ts';

/**
 * undefined where the file passes, else BIRD's message `FILE:LINE:COL what`. A missing `bird` is a HostError ENOENT.
 * @param place where the file will be, if that is elsewhere: BIRD must come to it as well. It is not read there, for `bird -p`
 *   opens what a file logs to, and where this process may not become BIRD's user it is root who does
 */
export async function checkBirdConfig(
  configFile: string,
  socket: string,
  place: string = configFile,
): Promise<string | undefined> {
  const parse = ['bird', '-p', '-c', resolve(configFile)] as const;
  const operation = parse.join(' ');
  const user = await birdUser(socket);
  if (user === undefined) return checkAsOurselves(parse, operation);
  try {
    await run('setpriv', [...asUser(user), ...parse], { operation });
    // the parser came to the file itself
    return dirname(resolve(place)) === dirname(resolve(configFile))
      ? undefined
      : await folderFault(place, user, operation);
  } catch (error) {
    if (!isHostError(error)) throw error;
    if (!isComplaint(error) || error.detail.startsWith('setpriv: ')) return await checkAsOurselves(parse, operation);
    return birdMessage(error.detail);
  }
}

/** BIRD exits with 1 where it refuses a file (lib/log.c, die), and says why. All else is no word of BIRD's. */
const isComplaint = (error: HostError): boolean => exitStatus(error) === 1;

/**
 * setpriv(1) itself failed: a unit without CAP_SETUID may not become another (`configure check` then tells what BIRD cannot read),
 * or it or `bird` is missing or broken, and this error names the package.
 */
async function checkAsOurselves(parse: readonly [string, ...string[]], operation: string): Promise<string | undefined> {
  try {
    await run(parse[0], parse.slice(1), { operation });
    return undefined;
  } catch (error) {
    if (!isHostError(error) || !isComplaint(error)) throw error;
    return birdMessage(error.detail);
  }
}

/** Where the modes do not say so, test(1) asks the kernel with that user's eyes, access lists and all (access(2)). */
async function folderFault(place: string, user: Owner, operation: string): Promise<string | undefined> {
  const folder = folderOf(place);
  if (comesTo(folder, user)) return undefined;
  try {
    await run('setpriv', [...asUser(user), 'test', '-x', folder], { operation });
    return undefined;
  } catch (error) {
    if (exitStatus(error) !== 1) throw error;
    return `Unable to open configuration file ${place}: Permission denied`;
  }
}

/** Or the nearest one that is there: what is missing will be made, and is open. */
function folderOf(place: string): string {
  let folder = dirname(resolve(place));
  while (!existsSync(folder)) folder = dirname(folder);
  return realpathSync(folder);
}

/** By the modes of all folders on the way. One that an access list closes all the same is told by `configure check`. */
function comesTo(folder: string, { uid, gid }: Owner): boolean {
  try {
    const stat = statSync(folder);
    const bit = stat.uid === uid ? 0o100 : stat.gid === gid ? 0o010 : 0o001;
    return (stat.mode & bit) !== 0 && (dirname(folder) === folder || comesTo(dirname(folder), { uid, gid }));
  } catch {
    return false;
  }
}

const asUser = ({ uid, gid }: Owner): string[] => [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];

/**
 * BIRD gives its control socket to the user that it runs as (main.c, cli_init_unix). While it is down: whom its
 * service runs it as; undefined where that is root, or where this process may not become another.
 */
async function birdUser(socket: string): Promise<Owner | undefined> {
  if (process.geteuid?.() !== 0) return undefined;
  const owner = (await ownerOf(socket)) ?? (await serviceUser());
  return owner === undefined || owner.uid === 0 ? undefined : owner;
}

async function ownerOf(path: string): Promise<Owner | undefined> {
  try {
    const { uid, gid } = await lstat(path);
    return { uid, gid };
  } catch {
    return undefined; // nothing there: BIRD is down
  }
}

/** BIRD 2 writes `bird: FILE:1:2 text`, BIRD 3 `bird: DATE TIME [0001] <FATAL> FILE:1:2 text`. */
export const birdMessage = (text: string): string => text.replaceAll(/^bird: (?:\S+ \S+ \[\d+\] <\w+> )?/gm, '').trim();
