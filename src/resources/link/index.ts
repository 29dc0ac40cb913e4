// Links: wgospf makes, marks and removes WireGuard and dummy links; it borrows local interfaces.
import type { Resource } from '../../engine/types.ts';
import { applyLink } from './apply.ts';
import { desiredLinks } from './desired.ts';
import { linkFromEvent, observeLinks } from './observe.ts';
import { planLink, type LinkPayload } from './plan.ts';
import { linkFields, linkKey, type LinkField, type LinkSpec } from './spec.ts';

export const link: Resource<LinkSpec, LinkPayload, LinkField> = {
  kind: 'link',
  key: linkKey,
  fields: linkFields,
  words: { up: 'state', mtu: 'MTU', netns: 'network namespace', mark: '' },
  desired: desiredLinks,
  observe: observeLinks,
  fromEvent: linkFromEvent,
  plan: planLink,
  apply: applyLink,
  adoptable: true,
};
