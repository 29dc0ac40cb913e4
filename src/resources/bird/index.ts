// Our bird.conf, and the running BIRD.
import type { Resource } from '../../engine/types.ts';
import { withoutForeignLinks } from '../tags.ts';
import { applyBird } from './apply.ts';
import { desiredBird } from './desired.ts';
import { observeBird } from './observe.ts';
import { planBird } from './plan.ts';
import { birdFields, birdKey, type BirdPayload, type BirdSpec } from './spec.ts';

export const bird: Resource<BirdSpec, BirdPayload, string> = {
  kind: 'bird',
  key: birdKey,
  fields: birdFields,
  words: { file: '', running: 'what BIRD runs', secrets: 'passwords', note: '', copies: '', change: '' },
  desired: desiredBird,
  observe: observeBird,
  without: withoutForeignLinks,
  plan: planBird,
  apply: applyBird,
  adoptable: true,
  givesBack: true,
};
