// The host as the rest of the program sees it. Every effect goes through one of these; test/fakes has a second
// implementation that must pass the same suite as the kernel.
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
  /** undefined where the file is missing; throws a HostError where it is unreadable or not a key */
  publicKeyOf(privateKeyFile: string): Promise<string | undefined>;
  /** SHA-256 hex of the key in the file, as in WgPeer; undefined where the file is missing */
  digestOf(presharedKeyFile: string): Promise<string | undefined>;
  /** `wg genkey > FILE`, mode 0600, never over an existing file; makes the folder 0700 where it is missing */
  generate(privateKeyFile: string): Promise<void>;
}

/**
 * /proc/sys by dotted name with `/` for a dot inside a name, as in sysctl.d(5): `net.ipv4.conf.eth0/1.rp_filter`; and attributes of
 * links by their path, `/sys/class/net/wg222/threaded`, not from inside a namespace: /sys is the one of outside there.
 */
export interface Sysctl {
  /** undefined where the kernel has no such name, or it is one of a /sys that is read-only */
  read(name: string): Promise<string | undefined>;
  write(name: string, value: string): Promise<void>;
}

/** One reply of BIRD's control socket: its lines with their codes, the last one ends it. */
export interface BirdReply {
  readonly lines: readonly { readonly code: number; readonly text: string }[];
  /** code of the last line; under 8000 is success */
  readonly code: number;
}

/** Of `bird --version`. */
export interface BirdVersion {
  /** `2.0.12` */
  readonly text: string;
  readonly major: number;
}

/** A password of OSPF: the constant that bird.conf has for it, and the file that it stands in. */
export interface BirdSecretSource {
  readonly constant: string;
  readonly file: string;
}

/** The file of passwords that bird.conf includes. Their texts never leave this interface. */
export interface BirdSecrets {
  /** undefined where there is none; `nonce` changes with each writing, and is what `eval wgospf_secrets` tells of the running BIRD */
  state(
    file: string,
    sources: readonly BirdSecretSource[],
  ): Promise<{ readonly right: boolean; readonly nonce: string } | undefined>;
  /** mode 0640, root and the group */
  write(file: string, sources: readonly BirdSecretSource[], group: string): Promise<void>;
}

/** A bird.conf that is not in its place as yet, and the passwords that it includes. */
export interface BirdCandidate {
  /** where it shall be, as messages name it */
  readonly path: string;
  readonly text: string;
  readonly socket: string;
  readonly secretsFile: string;
  readonly secrets: readonly BirdSecretSource[];
}

/** A BIRD of ours inside a network namespace. */
export interface BirdService {
  readonly netns: string;
  readonly configFile: string;
  readonly controlSocket: string;
}

export interface Bird {
  /** of the program that is installed; undefined where there is none, or none that tells it */
  version(): Promise<BirdVersion | undefined>;
  /** why the last version() got nothing of a program that is there */
  fault?(): string | undefined;
  /**
   * `bird -p -c FILE` as the user that BIRD runs as, told by the owner of its control socket
   * @param place where the file will be, if that is elsewhere: its folder must be open to that user, too
   * @returns undefined where it passes, else BIRD's own message
   */
  check(configFile: string, socket: string, place?: string): Promise<string | undefined>;
  /** the same of a file that is nowhere as yet; changes nothing. A complaint that names no place in the file is none */
  checkText(candidate: BirdCandidate): Promise<string | undefined>;
  /**
   * one command that changes BIRD, in a session of its own; throws HostError ENOENT or ECONNREFUSED where BIRD is down,
   * ETIMEDOUT where it hangs, ECONNRESET where it ends before the reply is whole
   * @param deadline milliseconds, default 5000
   */
  command(socket: string, text: string, deadline?: number): Promise<BirdReply>;
  /** one question, in a session that is restricted first: BIRD answers 8007 to what would change it */
  ask(socket: string, question: string, deadline?: number): Promise<BirdReply>;
  /** as `ask`, one after the other, in a session that stays */
  poll?(socket: string, question: string, deadline?: number): Promise<BirdReply>;
  /** starts it inside, as BIRD's own user, so that it outlives the agent; returns when its socket answers, at once where it runs */
  start(service: BirdService): Promise<void>;
  /** starts bird.service where systemd passed it over for want of a bird.conf; never throws a HostError */
  startSkipped?(socket: string): Promise<void>;
  /** ends it, wherever it runs, and returns when its socket is dead; no error where it does not run */
  stop(service: BirdService): Promise<void>;
  /** whom a BIRD that is down will run as; undefined where this host has no such user */
  serviceUser?(): Promise<{ readonly uid: number; readonly gid: number } | undefined>;
  /** the group that the running or packaged BIRD reads its file as: `bird`, or `root` */
  group(): Promise<string>;
}

/** What a reboot forgets and an apply must remember for `down`: values found before the first change (/run/wgospf). */
export interface Notes {
  all(): Promise<ReadonlyMap<string, string>>;
  /** keeps the first value noted under a key; later ones are ignored */
  note(key: string, value: string): Promise<void>;
  /** all of them at once: whoever dies in between has forgotten none or all (of those that one file holds) */
  forget(...keys: string[]): Promise<void>;
}

/** Named network namespaces (ip-netns(8)): files of /run/netns. */
export interface NetworkNamespaces {
  /** sorted */
  list(): Promise<string[]>;
  /** `ip netns add NAME` with its `lo` up; EEXIST where there is one */
  add(name: string): Promise<void>;
  /** `ip netns delete NAME`: what was made in it goes, hardware falls back to the first namespace. A missing one is ENOENT */
  delete(name: string): Promise<void>;
  /**
   * A host whose rtnl, wg, sysctl and nft are those of the inside, all else as outside; undefined where there is no such
   * namespace. Links are made outside and moved in, so that WireGuard's encrypted packets stay outside
   */
  enter(name: string): Promise<Host | undefined>;
}

/** The batch of the whole is for `resolveName`. */
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
   * addresses of a name, canonical, the best first; empty where it does not resolve within two seconds
   * @param tunnel whose endpoint it is: the daemon has tunnels try one address after the other
   */
  resolveName(name: string, tunnel?: string): Promise<string[]>;
  /** whether the last lookup failed, and what resolveName gives is from before; where it asks anew each time there is none */
  nameFails?(name: string): boolean;
  /** the time of day, milliseconds since the epoch: to be shown, never to count with */
  now(): number;
  /** milliseconds of a clock that nobody sets, for every duration (clock.ts) */
  ticks(): number;
  /** seconds; Infinity where there was no handshake, or nobody can tell when (handshake-age.ts) */
  handshakeAge(dev: string, peer: Pick<WgPeer, 'publicKey' | 'latestHandshake'>): number;
  /** since when the peer's count of received bytes stands still; to be asked at every look at it (silence.ts) */
  silence(dev: string, peer: Pick<WgPeer, 'publicKey' | 'rxBytes' | 'txBytes'>): Silence;
  sleep(ms: number): Promise<void>;
  close(): void;
}
