// Keys of other programs that are not misspelt keys of ours: what they mean there, and what to use instead.
import type { Path } from './locate.ts';

interface OthersWord {
  readonly message: string;
  readonly hint: string;
  /** our key with this meaning, which is then not reported as missing */
  readonly meant?: string;
}

/** a word of BIRD and RouterOS in `bird.ospf`, or anywhere else: it must never be read as its opposite */
const IMPORT: OthersWord = {
  message: 'there is no import filter: a router takes what its area tells',
  hint: 'importLimit: 5000, where the number of routes matters; or the networks left out of export: at the routers that have them',
};

const OFF: OthersWord = {
  message: 'what is in the file is up',
  hint: 'the tunnel without it; a tunnel that is to be down is left out of the file, and comes back with the same key, whose file stays',
};

const MARK: OthersWord = {
  message: "a tunnel's encrypted packets go by table main, and bear no mark of the operator's",
  hint: 'the tunnel without it; to lead them to another uplink, an `ip rule` of your own to the endpoint, of a priority above 1100',
};

/** For a tunnel, by the lower-case word: wg-quick(8), systemd.netdev(5), uci. */
const OF_TUNNELS: Readonly<Record<string, OthersWord>> = {
  enabled: OFF,
  disabled: OFF,
  shutdown: OFF,
  firewallmark: MARK,
  fwmark: MARK,
};

const PEERS: OthersWord = {
  message: 'a tunnel has one peer',
  hint:
    'peer: with one of them, and a tunnel for each; or an interface that wg-quick makes (Table = off), by its name and address under ' +
    '`interfaces`',
  meant: 'peer',
};

/** @param path of the map that contains the key */
export function othersWord(path: Path, key: string, value?: unknown): OthersWord | undefined {
  const word = key.toLowerCase();
  if (word === 'import') return IMPORT;
  if (path[0] !== 'tunnels' || path.length !== 2) return undefined;
  if (word === 'peers' && Array.isArray(value) && value.length > 1) return PEERS;
  return Object.hasOwn(OF_TUNNELS, word) ? OF_TUNNELS[word] : undefined;
}
