// The addresses to which tunnels send or may send: those in the kernel, those of the file, and all addresses of the file's names.
import type { HostReader } from '../host/reader.ts';
import type { WgDevice } from '../host/types.ts';
import type { RouterModel } from '../model/types.ts';
import { isHostName, parseEndpoint } from '../net/endpoint.ts';

/** Without duplicates. Names are resolved as in a pass: from the daemon's cache if there is one. */
export async function endpointsOf(
  host: HostReader,
  model: RouterModel,
  devices: readonly WgDevice[],
): Promise<string[]> {
  const inKernel = devices.flatMap(({ peers }) => peers.flatMap(({ endpoint }) => parseEndpoint(endpoint)?.host ?? []));
  const said = new Set(model.tunnels.flatMap(({ peer }) => peer.endpoint?.host ?? []));
  const named = await Promise.all([...said].map(async (name) => (isHostName(name) ? host.resolveName(name) : [name])));
  return [...new Set([...inKernel, ...named.flat()])];
}
