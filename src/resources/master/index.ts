// Puts links into the mesh's VRF device.
import type { Resource } from '../../engine/types.ts';
import { applyMaster } from './apply.ts';
import { desiredMasters } from './desired.ts';
import { masterFromEvent, observeMasters } from './observe.ts';
import { planMaster, type MasterPayload } from './plan.ts';
import { masterFields, masterKey, type MasterSpec } from './spec.ts';

export const master: Resource<MasterSpec, MasterPayload, 'vrf'> = {
  kind: 'master',
  key: masterKey,
  fields: masterFields,
  desired: desiredMasters,
  observe: observeMasters,
  fromEvent: masterFromEvent,
  plan: planMaster,
  apply: applyMaster,
  adoptable: false,
};
