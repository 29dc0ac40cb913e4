// The complete table `inet wgospf`: its name is our mark. It is replaced in one transaction, never changed in part.
import type { Fields } from '../../engine/types.ts';
import type { NftTable } from '../../host/types.ts';

export const TABLE = 'inet wgospf';
/** The set of the mesh's interfaces. */
export const MESH_SET = 'mesh';

export interface RuleText {
  readonly text: string;
  /** a hash of the rule's text and chain: nft prints rules in another form than they were written, but does not change comments */
  readonly comment: string;
}

export interface ChainSpec {
  readonly name: string;
  readonly hook: string;
  readonly priority: number;
  readonly policy: string;
  readonly rules: readonly RuleText[];
}

export interface NftablesSpec {
  /** names of the mesh's interfaces, sorted */
  readonly interfaces: readonly string[];
  /** names that foreign links have now: they leave the set at once; not compared */
  readonly barred: readonly string[];
  /** in the order of their hooks */
  readonly chains: readonly ChainSpec[];
  /** a second guard (`mesh.firewall: auto`): nothing waits for it, and if nft fails it is left out; not compared */
  readonly optional: boolean;
  /** set for an observed optional table: nft is missing or fails, so no operation can help; not compared */
  readonly unusable?: true;
  /** what else is in the table: the flag `dormant`, another set; '' if all is as we make it */
  readonly extra: string;
}

export const nftablesKey = (): string => TABLE;

export type NftablesField = 'interfaces' | 'chains' | `chain ${string}` | 'extra';

export function nftablesFields({ interfaces, chains, extra }: NftablesSpec): Fields<NftablesField> {
  const textOf = ({ hook, priority, policy, rules }: ChainSpec): string =>
    [hook, priority, policy, ...rules.map(({ comment }) => comment)].join(' ');
  return {
    interfaces: interfaces.join(' '),
    chains: chains
      .map(({ name }) => name)
      .toSorted()
      .join(' '),
    ...Object.fromEntries(chains.map((chain) => [`chain ${chain.name}`, textOf(chain)])),
    extra,
  };
}

/** The present table as a spec. */
export function specOf({ flags, chains, sets }: NftTable): NftablesSpec {
  const mesh = sets.find(({ name, type }) => name === MESH_SET && type === 'ifname');
  const others = sets.filter((set) => set !== mesh).map(({ name, type }) => `set ${name} ${type}`);
  return {
    interfaces: mesh?.elements ?? [],
    barred: [],
    optional: false,
    chains: chains.map((chain) => ({ ...chain, rules: chain.rules.map((comment) => ({ text: '', comment })) })),
    extra: [...flags, ...others, ...(mesh === undefined ? ['no set of interfaces'] : [])].join(', '),
  };
}
