// The BIRD that runs inside the mesh's namespace. The operator and the package start and stop the BIRD outside.
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
