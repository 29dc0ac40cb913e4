// Key files that exist must be private and ours; a peer's key must not be our own. Reads no key itself.
import { isHostError } from '../host/error.ts';
import type { Files, FileStat } from '../host/types.ts';
import type { RouterModel, Tunnel } from '../model/types.ts';
import type { Path } from './locate.ts';
import type { Fault, Problem } from './problem.ts';

/** Public key of a private key file; undefined where the file is missing. Throws a HostError on a file that holds no key. */
export type PublicKeyOf = (privateKeyFile: string) => Promise<string | undefined>;

/** Group write and run, and everything for others: 0600 and 0640 pass. */
const TOO_OPEN = 0o037;

function openness(file: string, { mode, uid }: FileStat): Fault | undefined {
  if ((mode & TOO_OPEN) !== 0) {
    const shown = mode.toString(8).padStart(4, '0');
    const who = (mode & 0o007) !== 0 ? 'every user of this host' : 'its group';
    const may = (mode & 0o044 & TOO_OPEN) !== 0 ? 'read' : 'change or run';
    return {
      code: 'key-file-open',
      message: `${who} may ${may} the key in ${file} (mode ${shown})`,
      hint: `run: chmod 600 ${file}`,
    };
  }
  if (uid === 0) return undefined;
  return {
    code: 'key-file-owner',
    message: `${file} belongs to user ${uid}, not to root`,
    hint: `run: chown root ${file}`,
  };
}

async function stat(files: Files, file: string): Promise<FileStat | Fault | undefined> {
  try {
    return await files.stat(file);
  } catch (error) {
    if (!isHostError(error)) throw error;
    const message = `${file} cannot be looked at: ${error.detail} (${error.code})`;
    return { code: 'key-file-unreadable', message, hint: `run: ls -l ${file}` };
  }
}

async function publicKey(file: string, publicKeyOf: PublicKeyOf | undefined): Promise<string | Fault | undefined> {
  try {
    return await publicKeyOf?.(file);
  } catch (error) {
    if (!isHostError(error)) throw error;
    const hint = `run: wg genkey > ${file}`;
    return { code: 'key-file-bad', message: `${file} holds no private key that can be used: ${error.detail}`, hint };
  }
}

/** A key file is looked at once, however many tunnels name it. */
const once = <T>(look: (file: string) => Promise<T>): ((file: string) => Promise<T>) => {
  const seen = new Map<string, Promise<T>>();
  return (file) => {
    const known = seen.get(file) ?? look(file);
    seen.set(file, known);
    return known;
  };
};

const isFault = (value: object): value is Fault => 'hint' in value;

export async function keyFileProblems(model: RouterModel, files: Files, publicKeyOf?: PublicKeyOf): Promise<Problem[]> {
  const statOf = once((file) => stat(files, file));
  const keyOf = once((file) => publicKey(file, publicKeyOf));
  const ofTunnel = async (tunnel: Tunnel): Promise<Problem[]> => {
    const path: Path = ['tunnels', tunnel.name];
    const problems: Problem[] = [];
    const add = (fault: Fault | undefined, at: Path): void => {
      if (fault !== undefined) problems.push({ ...fault, path: at });
    };
    const checkFile = async (file: string, at: Path, absent?: Fault): Promise<void> => {
      const found = await statOf(file);
      add(found === undefined ? absent : isFault(found) ? found : openness(file, found), at);
    };
    const { privateKeyFile, peer } = tunnel;
    await checkFile(privateKeyFile, [...path, 'privateKeyFile']);
    const own = await keyOf(privateKeyFile);
    if (typeof own === 'object') add(own, [...path, 'privateKeyFile']);
    else if (own === peer.publicKey) add(OWN_KEY, [...path, 'peer', 'publicKey']);
    if (peer.presharedKeyFile !== undefined) {
      const file = peer.presharedKeyFile;
      await checkFile(file, [...path, 'peer', 'presharedKeyFile'], {
        code: 'key-file-missing',
        message: `there is no file ${file}; both ends need the same preshared key`,
        hint: `run: (umask 077; wg genpsk > ${file}), then copy it to the far end`,
      });
    }
    return problems;
  };
  return (await Promise.all(model.tunnels.map(ofTunnel))).flat();
}

/** The kernel leaves such a peer out without a word (drivers/net/wireguard/netlink.c, set_peer). */
const OWN_KEY: Fault = {
  code: 'own-key',
  message: "this is the public key of the tunnel's own private key; WireGuard ignores such a peer silently",
  hint: "the far end's key, as `wg show` there prints it",
};
