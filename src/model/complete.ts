// The parts of a model that depend on the host's present state and not on the file. They are read again before every plan, so that
// the second round sees what the first made (a private key).
import { linkLocalOf } from '../net/link-local.ts';
import { forwardsIpv6, wantsLinkLocal } from './ipv6.ts';
import { placeOf } from './sides.ts';
import type { BirdModel, BirdSnippet, RouterModel, Tunnel } from './types.ts';

interface OwnKey {
  /** base64; undefined if there is none yet */
  readonly publicKey: string | undefined;
  /** why it cannot be read */
  readonly fault?: string;
}

export interface HostLook {
  /** of the file, or if that is missing, of the tunnel's device in the namespace `place` */
  ownKey(privateKeyFile: string, tunnel: string, place: string): Promise<OwnKey>;
  /** names of the interfaces that accept IPv6 router advertisements, sorted */
  acceptsRa?(): Promise<readonly string[]>;
  /** the operator's files that bird.conf includes by this pattern */
  snippets(pattern: string): Promise<readonly BirdSnippet[]>;
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const snippetsOf = async ({ include, snippets }: BirdModel, look: HostLook): Promise<readonly BirdSnippet[]> =>
  include === undefined ? snippets : (await look.snippets(include)).map(({ file, digest }) => ({ file, digest }));

type FromKey = Pick<Tunnel, 'linkLocal' | 'keyFault'>;

/** By tunnel of the incomplete model: the completed tunnel made last. */
const completed = new WeakMap<Tunnel, Tunnel>();

function withKey(tunnel: Tunnel, { linkLocal, keyFault }: FromKey): Tunnel {
  const before = [tunnel, completed.get(tunnel)].find(
    (one) => one?.linkLocal?.address === linkLocal?.address && one?.keyFault === keyFault,
  );
  if (before !== undefined) return before;
  const made = { ...tunnel, linkLocal, ...(keyFault === undefined ? {} : { keyFault }) };
  completed.set(tunnel, made);
  return made;
}

async function withLinkLocal(model: RouterModel, look: HostLook): Promise<Tunnel[]> {
  const place = placeOf(model);
  const keys = new Map<string, Promise<FromKey>>();
  const ask = async (file: string, tunnel: string): Promise<FromKey> => {
    const { publicKey, fault: keyFault } = await look.ownKey(file, tunnel, place);
    const linkLocal = publicKey === undefined ? undefined : linkLocalOf(publicKey);
    return { linkLocal, ...(keyFault === undefined ? {} : { keyFault }) };
  };
  return Promise.all(
    model.tunnels.map(async (tunnel) => {
      if (!wantsLinkLocal(model, tunnel)) return withKey(tunnel, { linkLocal: undefined });
      const { name, privateKeyFile } = tunnel;
      const found = keys.get(privateKeyFile) ?? ask(privateKeyFile, name);
      keys.set(privateKeyFile, found);
      return withKey(tunnel, await found);
    }),
  );
}

const lastOf = new WeakMap<RouterModel, RouterModel>();

/** Returns the same object as long as nothing in it changes, so that everything derived from it (desired objects, a text) is kept. */
export async function completeModel(model: RouterModel, look: HostLook): Promise<RouterModel> {
  const { ipv6 } = model.env;
  const [snippets, acceptsRa, tunnels] = await Promise.all([
    snippetsOf(model.bird, look),
    // a model of the inside already has them (sides.ts)
    model.env.acceptsRa ?? (ipv6 && forwardsIpv6(model) ? look.acceptsRa?.() : undefined),
    ipv6 ? withLinkLocal(model, look) : model.tunnels,
  ]);
  const isWhole = (one: RouterModel | undefined): boolean =>
    one !== undefined &&
    isSame(one.bird.snippets, snippets) &&
    isSame(one.env.acceptsRa, acceptsRa) &&
    one.tunnels.every((tunnel, i) => tunnel === tunnels[i]);
  const before = [model, lastOf.get(model)].find(isWhole);
  if (before !== undefined) return before;
  const made = {
    ...model,
    bird: { ...model.bird, snippets },
    tunnels,
    env: acceptsRa === undefined ? model.env : { ...model.env, acceptsRa },
  };
  lastOf.set(model, made);
  return made;
}
