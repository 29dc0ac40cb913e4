// The BIRD that runs inside the mesh's namespace. The one outside is the operator's, and its package's, to start and stop.
import type { Resource } from '../../engine/types.ts';
import { applyBirdService } from './apply.ts';
import { observeBirdService } from './observe.ts';
import { planBirdService, type BirdServicePayload } from './plan.ts';
import {
  birdServiceFields,
  birdServiceKey,
  desiredBirdService,
  type BirdServiceField,
  type BirdServiceSpec,
} from './spec.ts';

export const birdService: Resource<BirdServiceSpec, BirdServicePayload, BirdServiceField> = {
  kind: 'bird-service',
  key: birdServiceKey,
  fields: birdServiceFields,
  desired: desiredBirdService,
  observe: observeBirdService,
  plan: planBirdService,
  apply: applyBirdService,
  adoptable: false,
};
