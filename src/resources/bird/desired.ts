// The file that the model describes, as a running BIRD has taken it. Pure.
import type { Desired } from '../../engine/types.ts';
import { placeOf } from '../../model/sides.ts';
import type { RouterModel } from '../../model/types.ts';
import { readHeader } from './header.ts';
import { renderBirdConf } from './render.ts';
import { CONF_MODE, type BirdSpec } from './spec.ts';

const desired = new WeakMap<RouterModel, Desired<BirdSpec>[]>();

/** Kept by model, because a pass calls it several times. */
export function desiredBird(model: RouterModel): Desired<BirdSpec>[] {
  const known = desired.get(model) ?? makeDesired(model);
  desired.set(model, known);
  return known;
}

function makeDesired(model: RouterModel): Desired<BirdSpec>[] {
  const text = renderBirdConf(model);
  const { configFile, controlSocket, source } = model.bird;
  const spec: BirdSpec = {
    path: configFile,
    socket: controlSocket,
    text,
    mode: CONF_MODE,
    running: readHeader(text)?.generation ?? '',
    daemon: 'up',
    netns: placeOf(model),
    kept: false,
    noted: true,
    stray: false,
    secrets: model.bird.secrets,
    secretsFile: model.bird.secretsFile,
    secretsAre: model.bird.secrets.length > 0 ? 'right' : 'none',
    open: false,
    left: [],
  };
  return [{ spec, source }];
}
