// A table of nftables as `nft -j list table` prints it (libnftables-json(5)), without the content of the rules: the creator of a
// rule gives it a comment that identifies it.

export interface NftChain {
  readonly name: string;
  /** '' for a chain without a hook */
  readonly hook: string;
  /** as a number: 0 for `filter`, -150 for `mangle` */
  readonly priority: number;
  /** '' for a chain without a policy */
  readonly policy: string;
  /** comments of its rules in their order; '' for a rule without a comment */
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
  /** with `dormant` the table is disabled; if there is any flag, `chains` and `sets` are empty */
  readonly flags: readonly string[];
  readonly chains: readonly NftChain[];
  readonly sets: readonly NftSet[];
}

/** nft(8). */
export interface Nft {
  /** @param table `inet wgospf`; undefined if there is no such table, or if nft is not installed */
  list(table: string): Promise<NftTable | undefined>;
  /** `nft -f`: one transaction, done completely or not at all; a HostError has nft's own message */
  run(script: string): Promise<void>;
}
