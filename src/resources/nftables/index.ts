// The table `inet wgospf` of nftables: forward and input guards, and the mark that rules match.
import type { Resource } from '../../engine/types.ts';
import { withoutForeignLinks } from '../tags.ts';
import { applyNftables } from './apply.ts';
import { desiredNftables } from './desired.ts';
import { observeNftables } from './observe.ts';
import { planNftables, type NftablesPayload } from './plan.ts';
import { nftablesFields, nftablesKey, type NftablesField, type NftablesSpec } from './spec.ts';

export const nftables: Resource<NftablesSpec, NftablesPayload, NftablesField> = {
  kind: 'nftables',
  lives: 'both',
  key: nftablesKey,
  fields: nftablesFields,
  words: { extra: 'what else is in it' },
  desired: desiredNftables,
  observe: observeNftables,
  without: withoutForeignLinks,
  plan: planNftables,
  apply: applyNftables,
  polled: true,
  adoptable: false,
};
