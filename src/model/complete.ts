// What of a model depends on the host's present state and not on the file: looked up anew before every plan, so that what
// a first round makes (a private key) shows in the second.
import { linkLocalOf } from '../net/link-local.ts';
import { forwardsIpv6, wantsLinkLocal } from './ipv6.ts';
import type { RouterModel, Tunnel } from './types.ts';

/** Nothing here throws: what cannot be read counts as absent, and whoever needs it reports it. */
export interface HostLook {
  /** base64; undefined where there is no readable key in the file */
  publicKeyOf(privateKeyFile: string): Promise<string | undefined>;
  /** names of the interfaces that take IPv6 router advertisements, by name */
  acceptsRa?(): Promise<readonly string[]>;
}

export async function completeModel(model: RouterModel, look: HostLook): Promise<RouterModel> {
  if (!model.env.ipv6) return model;
  const keys = new Map<string, Promise<string | undefined>>();
  const keyOf = (file: string): Promise<string | undefined> => {
    const key = keys.get(file) ?? look.publicKeyOf(file);
    keys.set(file, key);
    return key;
  };
  const complete = async (tunnel: Tunnel): Promise<Tunnel> => {
    const key = wantsLinkLocal(model, tunnel) ? await keyOf(tunnel.privateKeyFile) : undefined;
    return { ...tunnel, linkLocal: key === undefined ? undefined : linkLocalOf(key) };
  };
  const tunnels = await Promise.all(model.tunnels.map(complete));
  if (look.acceptsRa === undefined || !forwardsIpv6(model)) return { ...model, tunnels };
  return { ...model, tunnels, env: { ...model.env, acceptsRa: await look.acceptsRa() } };
}
