// What of a model depends on the host's present state and not on the file: looked up anew before every plan, so that what
// a first round makes (a private key) shows in the second.
import { linkLocalOf } from '../net/link-local.ts';
import { forwardsIpv6, wantsLinkLocal } from './ipv6.ts';
import { placeOf } from './sides.ts';
import type { BirdModel, BirdSnippet, RouterModel, Tunnel } from './types.ts';

interface OwnKey {
  /** base64; undefined where there is none yet */
  readonly publicKey: string | undefined;
  /** why it cannot be read */
  readonly fault?: string;
}

export interface HostLook {
  /** of the file, or where that is missing of the tunnel's live device, in the namespace `place` */
  ownKey(privateKeyFile: string, tunnel: string, place: string): Promise<OwnKey>;
  /** names of the interfaces that take IPv6 router advertisements, by name */
  acceptsRa?(): Promise<readonly string[]>;
  /** the operator's files that bird.conf includes by this pattern */
  snippets(pattern: string): Promise<readonly BirdSnippet[]>;
}

async function withSnippets(bird: BirdModel, look: HostLook): Promise<BirdModel> {
  if (bird.include === undefined) return bird;
  const found = await look.snippets(bird.include);
  return { ...bird, snippets: found.map(({ file, digest }) => ({ file, digest })) };
}

export async function completeModel(model: RouterModel, look: HostLook): Promise<RouterModel> {
  if (!model.env.ipv6) return { ...model, bird: await withSnippets(model.bird, look) };
  const keys = new Map<string, Promise<OwnKey>>();
  const keyOf = (file: string, tunnel: string): Promise<OwnKey> => {
    const key = keys.get(file) ?? look.ownKey(file, tunnel, placeOf(model));
    keys.set(file, key);
    return key;
  };
  const complete = async (tunnel: Tunnel): Promise<Tunnel> => {
    if (!wantsLinkLocal(model, tunnel)) return { ...tunnel, linkLocal: undefined };
    const { publicKey, fault } = await keyOf(tunnel.privateKeyFile, tunnel.name);
    const linkLocal = publicKey === undefined ? undefined : linkLocalOf(publicKey);
    return { ...tunnel, linkLocal, ...(fault === undefined ? {} : { keyFault: fault }) };
  };
  const [bird, acceptsRa, tunnels] = await Promise.all([
    withSnippets(model.bird, look),
    // inside a namespace they were looked for outside (sides.ts)
    model.env.acceptsRa ?? (forwardsIpv6(model) ? look.acceptsRa?.() : undefined),
    Promise.all(model.tunnels.map(complete)),
  ]);
  return { ...model, bird, tunnels, env: acceptsRa === undefined ? model.env : { ...model.env, acceptsRa } };
}
