// `bird -p -c FILE`: BIRD's parser on a file, without a daemon, as the user that BIRD runs as. This finds what root may read
// and that user may not (a folder of mode 0700, an included file) before the running BIRD gets the file.
import { existsSync, realpathSync, statSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Owner } from '../accounts.ts';
import { isHostError, type HostError } from '../error.ts';
import { exitStatus, run } from '../processes.ts';
import { serviceUser } from './service-user.ts';

/**
 * undefined if BIRD accepts the file, else BIRD's message `FILE:LINE:COL what`. A missing `bird` is a HostError ENOENT.
 * @param place where the file will be, if that is elsewhere: BIRD must be able to enter that folder as well. BIRD does not read it
 *   there, because `bird -p` opens the log files of a file, as root if this process may not become BIRD's user
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
    // in the same folder: the parser could already enter it
    return dirname(resolve(place)) === dirname(resolve(configFile))
      ? undefined
      : await folderFault(place, user, operation);
  } catch (error) {
    if (!isHostError(error)) throw error;
    if (!isComplaint(error) || error.detail.startsWith('setpriv: ')) return await checkAsOurselves(parse, operation);
    return birdMessage(error.detail);
  }
}

/** BIRD exits with 1 if it refuses a file (lib/log.c, die), and prints why. Any other status is not BIRD's. */
const isComplaint = (error: HostError): boolean => exitStatus(error) === 1;

/**
 * For when setpriv(1) itself failed: a unit without CAP_SETUID may not become another user (`configure check` then reports what BIRD
 * cannot read), or setpriv or `bird` is missing or broken, and the error names the package.
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

/** If the modes do not allow entry, test(1) asks the kernel as that user, which includes access control lists (access(2)). */
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

/** The folder of `place`, or the nearest existing one above: wgospf will make the missing ones so that BIRD can enter them. */
function folderOf(place: string): string {
  let folder = dirname(resolve(place));
  while (!existsSync(folder)) folder = dirname(folder);
  return realpathSync(folder);
}

/** Judges by the modes of all folders on the path. If an access control list still denies entry, `configure check` reports it. */
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
 * The owner of BIRD's control socket is the user that BIRD runs as (main.c, cli_init_unix). While BIRD is down: the user of
 * its service. undefined if that is root, or if this process may not become another user.
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
