import type { Desired } from '../../engine/types.ts';
import type { RouterModel } from '../../model/types.ts';
import { unique } from '../tags.ts';
import { keyFileKey, type KeyFileSpec } from './spec.ts';

export function desiredKeyFiles(model: RouterModel): Desired<KeyFileSpec>[] {
  const files = model.tunnels.map(({ privateKeyFile, source }) => ({
    spec: { path: privateKeyFile, holder: undefined },
    // whoever owns the device with the key: the key is copied, and the device stays as it is
    borrowed: true,
    source,
  }));
  return unique(files, keyFileKey);
}
