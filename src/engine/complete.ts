// Adds to the model what depends on the host (model/complete.ts).
import { ownKeys } from '../host/look.ts';
import type { HostReader } from '../host/reader.ts';
import { hostIn } from '../host/place.ts';
import { madeOn } from './made.ts';
import { acceptsRa } from '../host/router-advertisements.ts';
import { readSnippets } from '../host/snippets.ts';
import { completeModel, type HostLook } from '../model/complete.ts';
import type { RouterModel } from '../model/types.ts';

const lookAt = (host: HostReader): HostLook => ({
  // a missing key file is written from the device's key, so everything derived from the key stays the same
  async ownKey(file, tunnel, place) {
    const own = await ownKeys((path) => host.keys.publicKeyOf(path))(file);
    if (own.publicKey !== undefined || own.fault !== undefined) return own;
    const [device] = await ((await hostIn(host, place)) ?? host).wg.devices([tunnel]);
    return { publicKey: device?.publicKey || undefined };
  },
  acceptsRa: () => acceptsRa(host),
  snippets: (pattern) => readSnippets(host.files, pattern),
});

/** For kinds whose observation needs the complete model. Made once per snapshot. */
export const completeOn = async <M extends RouterModel | undefined>(host: HostReader, said: M): Promise<M> =>
  (said && (await madeOn(host, 'model', said, (reader) => completeModel(said, lookAt(reader))))) as M;
