// Addresses of the mesh interfaces.
import type { Resource } from '../../engine/types.ts';
import { applyAddress } from './apply.ts';
import { desiredAddresses } from './desired.ts';
import { addressFromEvent, observeAddresses, stirsAddresses } from './observe.ts';
import { planAddress, type AddressPayload } from './plan.ts';
import { addressFields, addressKey, type AddressSpec } from './spec.ts';

export const address: Resource<AddressSpec, AddressPayload, 'length'> = {
  kind: 'address',
  lives: 'mesh',
  key: addressKey,
  fields: addressFields,
  words: { length: 'prefix length' },
  desired: desiredAddresses,
  observe: observeAddresses,
  fromEvent: addressFromEvent,
  stirs: stirsAddresses,
  plan: planAddress,
  apply: applyAddress,
  adoptable: false,
};
