// The host as the rest of the program sees it. Every effect goes through one of these interfaces; test/fakes has a second
// implementation, which must pass the same tests as the kernel.
import type { Batched } from './batch.ts';
import type { Files } from './file-types.ts';
import type { Nft } from './nft-types.ts';
import type { Silence } from './silence.ts';
import type { Rtnetlink } from './rtnetlink-types.ts';
import type { WgPeer, Wireguard } from './wireguard-types.ts';

export type * from './file-types.ts';
export type * from './nft-types.ts';
export type * from './rtnetlink-types.ts';
export type * from './wireguard-types.ts';

/** Private and preshared key files. Key material never leaves this interface. */
export interface Keys {
  /** undefined if the file is missing; throws a HostError if it is unreadable or not a key */
  publicKeyOf(privateKeyFile: string): Promise<string | undefined>;
  /** SHA-256 hex of the key in the file, as in WgPeer; undefined if the file is missing */
  digestOf(presharedKeyFile: string): Promise<string | undefined>;
  /** `wg genkey > FILE`, mode 0600, never over an existing file; makes a missing folder with mode 0700 */
  generate(privateKeyFile: string): Promise<void>;
}

/**
 * /proc/sys by dotted name with `/` for a dot inside a name, as in sysctl.d(5): `net.ipv4.conf.eth0/1.rp_filter`; and attributes of
 * links by their path, `/sys/class/net/wg222/threaded`. Those work only outside: a process inside a namespace sees the /sys of outside.
 */
export interface Sysctl {
  /** undefined if the kernel has no such name, or the name is in a read-only /sys */
  read(name: string): Promise<string | undefined>;
  write(name: string, value: string): Promise<void>;
}

/** One reply of BIRD's control socket: its lines with their codes. The last line ends it. */
export interface BirdReply {
  readonly lines: readonly { readonly code: number; readonly text: string }[];
  /** code of the last line; under 8000 is success */
  readonly code: number;
}

/** The answer of `bird --version`. */
export interface BirdVersion {
  /** `2.0.12` */
  readonly text: string;
  readonly major: number;
}

/** A password of OSPF: the name of its constant in bird.conf, and the file that contains it. */
export interface BirdSecretSource {
  readonly constant: string;
  readonly file: string;
}

/** The file of passwords that bird.conf includes. The passwords never leave this interface. */
export interface BirdSecrets {
  /** undefined if there is no file; each write makes a new `nonce`; `eval wgospf_secrets` returns the one that the running BIRD loaded */
  state(
    file: string,
    sources: readonly BirdSecretSource[],
  ): Promise<{ readonly right: boolean; readonly nonce: string } | undefined>;
  /** mode 0640; owner root, and the group */
  write(file: string, sources: readonly BirdSecretSource[], group: string): Promise<void>;
}

/** A bird.conf that is not installed yet, and the passwords that it includes. */
export interface BirdCandidate {
  /** where it will be installed; messages name this path */
  readonly path: string;
  readonly text: string;
  readonly socket: string;
  readonly secretsFile: string;
  readonly secrets: readonly BirdSecretSource[];
}

/** A BIRD that wgospf runs inside a network namespace. */
export interface BirdService {
  readonly netns: string;
  readonly configFile: string;
  readonly controlSocket: string;
}

export interface Bird {
  /** the version of the installed program; undefined if there is none, or if it does not print its version */
  version(): Promise<BirdVersion | undefined>;
  /** why the last version() got no answer from an installed program */
  fault?(): string | undefined;
  /**
   * `bird -p -c FILE` as the user that BIRD runs as, which is the owner of its control socket
   * @param place where the file will be, if that is elsewhere: that user must be able to enter its folder, too
   * @returns undefined if BIRD accepts the file, else BIRD's own message
   */
  check(configFile: string, socket: string, place?: string): Promise<string | undefined>;
  /** the same check for a text that is in no file yet; changes nothing. Ignores a complaint without line and column */
  checkText(candidate: BirdCandidate): Promise<string | undefined>;
  /**
   * one command that changes BIRD, in a session of its own; throws HostError ENOENT or ECONNREFUSED if BIRD is down,
   * ETIMEDOUT if it hangs, ECONNRESET if it ends before the reply is complete
   * @param deadline milliseconds, default 5000
   */
  command(socket: string, text: string, deadline?: number): Promise<BirdReply>;
  /** one question, in a session that is restricted first: BIRD answers 8007 to every command that would change it */
  ask(socket: string, question: string, deadline?: number): Promise<BirdReply>;
  /** like `ask`, one question after the other, in a session that stays open */
  poll?(socket: string, question: string, deadline?: number): Promise<BirdReply>;
  /** starts BIRD inside, as BIRD's own user, so that it outlives the agent; returns when its socket answers, at once if it runs already */
  start(service: BirdService): Promise<void>;
  /** starts bird.service if systemd skipped it because bird.conf was missing; never throws a HostError */
  startSkipped?(socket: string): Promise<void>;
  /** ends this BIRD, in whatever namespace it runs; returns when its socket is dead; no error if it does not run */
  stop(service: BirdService): Promise<void>;
  /** the user that BIRD will run as when it is started; undefined if this host has no such user */
  serviceUser?(): Promise<{ readonly uid: number; readonly gid: number } | undefined>;
  /** the group with which the running or packaged BIRD reads its file: `bird`, or `root` */
  group(): Promise<string>;
}

/** Values found before the first change, which an apply keeps for `down` and a reboot deletes (/run/wgospf). */
export interface Notes {
  all(): Promise<ReadonlyMap<string, string>>;
  /** keeps the first value noted under a key; later ones are ignored */
  note(key: string, value: string): Promise<void>;
  /** all of them at once: a crash in between leaves all or none (of the keys in one file) */
  forget(...keys: string[]): Promise<void>;
}

/** Named network namespaces (ip-netns(8)): files of /run/netns. */
export interface NetworkNamespaces {
  /** sorted */
  list(): Promise<string[]>;
  /** `ip netns add NAME` with its `lo` up; EEXIST if it exists */
  add(name: string): Promise<void>;
  /** `ip netns delete NAME`: deletes the links made in it; hardware returns to the first namespace. ENOENT if it is missing */
  delete(name: string): Promise<void>;
  /**
   * A host whose rtnl, wg, sysctl and nft are those of the inside, and everything else as outside; undefined if there is no such
   * namespace. Links are made outside and then moved inside, so that WireGuard's encrypted packets stay outside
   */
  enter(name: string): Promise<Host | undefined>;
}

/** `batch` of the host itself is for `resolveName`. */
export interface Host extends Batched {
  readonly rtnl: Rtnetlink & Batched;
  readonly wg: Wireguard;
  readonly keys: Keys & Batched;
  readonly sysctl: Sysctl & Batched;
  readonly nft: Nft;
  readonly files: Files & Batched;
  readonly bird: Bird & Batched;
  readonly birdSecrets: BirdSecrets;
  readonly notes: Notes;
  readonly netns: NetworkNamespaces;
  /**
   * addresses of a name, canonical, the best first; empty if it does not resolve within two seconds
   * @param tunnel the tunnel whose endpoint the name is: the daemon makes a tunnel try one address after the other
   */
  resolveName(name: string, tunnel?: string): Promise<string[]>;
  /** whether the last lookup failed, so that resolveName returns an older answer; absent if resolveName asks the resolver each time */
  nameFails?(name: string): boolean;
  /** the time of day, milliseconds since the epoch: for display, never for durations */
  now(): number;
  /** milliseconds of a monotonic clock, for every duration (clock.ts) */
  ticks(): number;
  /** seconds; Infinity if there was no handshake, or its time is unknown (handshake-age.ts) */
  handshakeAge(dev: string, peer: Pick<WgPeer, 'publicKey' | 'latestHandshake'>): number;
  /** since when the peer's count of received bytes has not changed; call it at every look at the peer (silence.ts) */
  silence(dev: string, peer: Pick<WgPeer, 'publicKey' | 'rxBytes' | 'txBytes'>): Silence;
  sleep(ms: number): Promise<void>;
  close(): void;
}
