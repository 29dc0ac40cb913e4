// A BIRD of ours, keyed by its namespace.
import type { Desired } from '../../engine/types.ts';
import type { BirdService } from '../../host/types.ts';
import { placeOf } from '../../model/sides.ts';
import type { RouterModel } from '../../model/types.ts';

export interface BirdServiceSpec extends BirdService {
  /** `astray`: it runs in a namespace that is not the one of that name any more; `silent`: it hangs */
  readonly state: 'running' | 'silent' | 'stopped' | 'astray';
}

export const birdServiceKey = ({ netns }: BirdServiceSpec): string => netns;

export type BirdServiceField = 'state' | 'configFile' | 'controlSocket';

/** One that hangs is told of by the kind `bird`, and not ended. */
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
