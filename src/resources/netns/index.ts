// The network namespace of the mesh (`isolation: netns`). One that existed before us is used, and never deleted.
import type { Resource } from '../../engine/types.ts';
import { applyNetns } from './apply.ts';
import { observeNetns } from './observe.ts';
import { planNetns, type NetnsPayload } from './plan.ts';
import { desiredNetns, netnsFields, netnsKey, type NetnsSpec } from './spec.ts';

export const netns: Resource<NetnsSpec, NetnsPayload, 'loopback' | 'noted'> = {
  kind: 'netns',
  key: netnsKey,
  fields: netnsFields,
  desired: desiredNetns,
  observe: observeNetns,
  plan: planNetns,
  apply: applyNetns,
  // no event reports that a name in /run/netns is gone
  polled: true,
  adoptable: false,
};
