// A table of nftables as `nft -j list table` shows it (libnftables-json(5)), less what rules say: who makes a rule puts a
// comment on it that tells it from others.

export interface NftChain {
  readonly name: string;
  /** '' for a chain that hangs on no hook */
  readonly hook: string;
  /** as a number: 0 for `filter`, -150 for `mangle` */
  readonly priority: number;
  /** '' for a chain without one */
  readonly policy: string;
  /** comments of its rules in their order; '' for a rule without one */
  readonly rules: readonly string[];
}

export interface NftSet {
  readonly name: string;
  /** `ifname` */
  readonly type: string;
  /** sorted */
  readonly elements: readonly string[];
}

export interface NftTable {
  /** `dormant` among them switches it off; of a table with any, nothing else is told */
  readonly flags: readonly string[];
  readonly chains: readonly NftChain[];
  readonly sets: readonly NftSet[];
}

/** nft(8). */
export interface Nft {
  /** @param table `inet wgospf`; undefined where there is none, or no nft that could have made one */
  list(table: string): Promise<NftTable | undefined>;
  /** `nft -f`: one transaction, done whole or not at all; HostError with nft's own words */
  run(script: string): Promise<void>;
}
