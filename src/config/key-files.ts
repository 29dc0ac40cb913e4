// Checks key files: existing ones must be private and owned by root; a peer's key must not be our own. Reads no key itself.
import { isHostError } from '../host/error.ts';
import type { HostError } from '../host/error.ts';
import type { Files, FileStat } from '../host/types.ts';
import { KEY_FORMS } from '../net/key-form.ts';
import { linkLocalOf } from '../net/link-local.ts';
import { badKeyFile, type BadKeyFile } from './bad-key-file.ts';
import type { KeyUse } from './key-uses.ts';
import type { Path } from './locate.ts';
import type { Fault, Problem } from './problem.ts';
import { keyPath } from './resolve/key-file.ts';

/** Public key of a private key file; undefined if the file is missing. Throws a HostError if the file contains no key. */
export type PublicKeyOf = (privateKeyFile: string) => Promise<string | undefined>;

/** Write and execute for the group, and everything for others: 0600 and 0640 are accepted. */
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

const unreadable = (file: string, { detail, code }: HostError): Fault => ({
  code: 'key-file-unreadable',
  message: `${file} cannot be looked at: ${detail} (${code})`,
  hint: `run: sudo ls -l ${file}`,
});

async function stat(files: Pick<Files, 'stat'>, file: string): Promise<FileStat | Fault | undefined> {
  try {
    return await files.stat(file);
  } catch (error) {
    if (!isHostError(error)) throw error;
    return unreadable(file, error);
  }
}

/** Returns a HostError if the file exists and is not a key. */
async function publicKey(file: string, publicKeyOf: PublicKeyOf | undefined): Promise<Key> {
  try {
    return await publicKeyOf?.(file);
  } catch (error) {
    if (!isHostError(error)) throw error;
    const { code } = error;
    return code === 'EINVAL' || Object.hasOwn(KEY_FORMS, code) ? error : unreadable(file, error);
  }
}

/** A new name for a tunnel's key: an existing file may be somebody's only copy. */
async function freeName({ tunnel, folder }: KeyUse, bad: string, look: Look): Promise<BadKeyFile['free']> {
  const names = [tunnel, ...Array.from({ length: 9 }, (_, i) => `${tunnel}-${i + 2}`)].map(
    (name) => `keys/${name}.key`,
  );
  const named = names.map((name) => ({ name, file: keyPath(folder, name) }));
  for (const one of named) if (one.file !== bad && (await look.stat(one.file)) === undefined) return one;
  const name = `keys/${tunnel}-new.key`;
  return { name, file: keyPath(folder, name) };
}

/** Reads each key and its file only once, even if several tunnels name them. */
const once = <T>(look: (what: string) => Promise<T>): ((what: string) => Promise<T>) => {
  const seen = new Map<string, Promise<T>>();
  return (what) => {
    const known = seen.get(what) ?? look(what);
    seen.set(what, known);
    return known;
  };
};

const isFault = (value: object): value is Fault => 'hint' in value;

/** A public key, or the reason why there is none. */
type Key = string | Fault | HostError | undefined;

interface Look {
  readonly stat: (file: string) => Promise<FileStat | Fault | undefined>;
  readonly publicKey: (file: string) => Promise<Key>;
}

/** Reports a file that is missing, too open, not root's or unreadable. `absent`: the fault for a missing file. */
async function lookedAt(file: string, look: Look, absent?: Fault): Promise<Fault | undefined> {
  const found = await look.stat(file);
  if (found === undefined) return absent;
  return isFault(found) ? found : openness(file, found);
}

/** The same for a single file. */
export const fileFault = (file: string, files: Pick<Files, 'stat'>, absent: Fault): Promise<Fault | undefined> =>
  lookedAt(file, { stat: (path) => stat(files, path), publicKey: () => Promise.resolve(undefined) }, absent);

const noPresharedKey = (file: string): Fault => ({
  code: 'key-file-missing',
  message: `there is no file ${file}; both ends need the same preshared key`,
  hint: `run: (umask 077; set -C; wg genpsk > ${file}), then copy it to the far end; if the far end has one, copy that instead`,
});

async function problemsOf(use: KeyUse, look: Look): Promise<Problem[]> {
  const { tunnel, privateKeyFile, presharedKeyFile } = use;
  const problems: Problem[] = [];
  const add = (fault: Fault | undefined, path: Path): void => {
    if (fault !== undefined) problems.push({ ...fault, path });
  };
  if (privateKeyFile !== undefined) {
    const { file, path } = privateKeyFile;
    const fault = await lookedAt(file, look);
    add(fault, path);
    const own = fault?.code === 'key-file-unreadable' ? undefined : await look.publicKey(file);
    if (isHostError(own)) {
      const { code, detail } = own;
      add(badKeyFile({ file, code, detail, tunnel, free: await freeName(use, file, look) }), path);
    } else if (typeof own === 'object') add(own, path);
  }
  if (presharedKeyFile !== undefined) {
    const { file, path } = presharedKeyFile;
    add(await lookedAt(file, look, noPresharedKey(file)), path);
  }
  return problems;
}

/** A missing private key is no problem: wgospf will make it. */
export async function keyFileProblems(
  uses: readonly KeyUse[],
  files: Pick<Files, 'stat'>,
  publicKeyOf?: PublicKeyOf,
): Promise<Problem[]> {
  const look: Look = {
    stat: once((file) => stat(files, file)),
    publicKey: once((file) => publicKey(file, publicKeyOf)),
  };
  const problems = (await Promise.all(uses.map((use) => problemsOf(use, look)))).flat();
  return [...problems, ...(await ownKeys(uses, look)), ...(await sameLinkLocal(uses, look))];
}

/** Two keys whose digests begin alike: very unlikely by chance, but OSPFv3 would fail without a visible reason. */
async function sameLinkLocal(uses: readonly KeyUse[], look: Look): Promise<Problem[]> {
  const addressOf = once((key) => Promise.resolve(linkLocalOf(key).address));
  const problems = uses.map(async ({ privateKeyFile, publicKey: peer }): Promise<Problem[]> => {
    const own = privateKeyFile === undefined ? undefined : await look.publicKey(privateKeyFile.file);
    if (typeof own !== 'string' || peer === undefined || own === peer.key) return [];
    const address = await addressOf(own);
    if (address !== peer.linkLocal) return [];
    const message = `both ends of this tunnel derive the link-local address ${address} from their keys`;
    return [{ code: 'link-local-equal', path: peer.path, message, hint: 'a new private key at either end' }];
  });
  return (await Promise.all(problems)).flat();
}

/** A tunnel to ourselves: the kernel silently ignores a peer with the device's own key (wireguard/netlink.c, set_peer). */
async function ownKeys(uses: readonly KeyUse[], look: Look): Promise<Problem[]> {
  const owners = new Map<string, string>();
  for (const { tunnel, privateKeyFile } of uses) {
    const own = privateKeyFile === undefined ? undefined : await look.publicKey(privateKeyFile.file);
    if (typeof own === 'string' && !owners.has(own)) owners.set(own, tunnel);
  }
  return uses.flatMap(({ tunnel, publicKey }): Problem[] => {
    const owner = publicKey === undefined ? undefined : owners.get(publicKey.key);
    if (publicKey === undefined || owner === undefined) return [];
    const whose = owner === tunnel ? 'of this tunnel' : `of ${owner} on this router`;
    const message = `this is the public key ${whose} itself: nobody else can answer, and WireGuard drops such a peer silently`;
    return [
      { code: 'own-key', path: publicKey.path, message, hint: "the far end's key, as `wg show` prints it there" },
    ];
  });
}
