// The model with what it takes from the host (model/complete.ts).
import { lookAt } from '../host/look.ts';
import type { HostReader } from '../host/reader.ts';
import { completeModel } from '../model/complete.ts';
import type { RouterModel } from '../model/types.ts';

/** For who observes a kind of which that is a part; a snapshot is asked for it once. */
export const completeOn = async <M extends RouterModel | undefined>(host: HostReader, said: M): Promise<M> =>
  (said && (await completeModel(said, lookAt(host)))) as M;
