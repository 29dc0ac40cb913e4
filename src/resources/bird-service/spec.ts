// A BIRD of ours, keyed by its namespace.
import type { Desired } from '../../engine/types.ts';
import type { BirdService } from '../../host/types.ts';
import { placeOf } from '../../model/sides.ts';
import type { RouterModel } from '../../model/types.ts';

export interface BirdServiceSpec extends BirdService {
  /** `astray`: it runs in a namespace that no longer has its name; `silent`: it runs and does not answer */
  readonly state: 'running' | 'silent' | 'stopped' | 'astray';
}

export const birdServiceKey = ({ netns }: BirdServiceSpec): string => netns;

export type BirdServiceField = 'state' | 'configFile' | 'controlSocket';

/** A silent BIRD counts as running: the kind `bird` reports it, and nobody ends it. */
export const birdServiceFields = ({
  state,
  configFile,
  controlSocket,
}: BirdServiceSpec): Record<BirdServiceField, string> => ({
  state: state === 'silent' ? 'running' : state,
  configFile,
  controlSocket,
});

export function desiredBirdService(model: RouterModel): Desired<BirdServiceSpec>[] {
  const netns = placeOf(model);
  if (netns === '') return [];
  const { configFile, controlSocket, source } = model.bird;
  return [{ spec: { netns, configFile, controlSocket, state: 'running' }, source }];
}
