// Keeps endpoints' addresses at hand: names are resolved beside the passes, again when a tunnel's handshake is stale and never
// while it is fresh, as wireguard-tools' contrib/reresolve-dns does. Where the kernel's endpoint is no longer right, a pass is
// asked for; a live peer may roam. Where a name has several addresses and there is no handshake, they take turns.
import type { Report, Result } from '../engine/types.ts';
import type { Clock } from '../host/clock.ts';
import { isHostError } from '../host/error.ts';
import type { Host, WgDevice } from '../host/types.ts';
import type { Endpoint, RouterModel, Tunnel } from '../model/types.ts';
import { formatEndpoint, parseEndpoint } from '../net/endpoint.ts';
import { canonicalAddress } from '../net/ip.ts';
import { STALE_AFTER, usableAddresses } from '../resources/wireguard/endpoint.ts';
import { tunnelDevices } from '../resources/places.ts';
import { createTrials } from './address-trials.ts';
import type { NameCache } from './name-cache.ts';
import { retryDelay } from './retry.ts';
import type { Emit, Trigger } from './types.ts';
import { troubleEvent } from './unattended.ts';

/** How long a model's first pass waits for names never heard of: an answer from near takes some milliseconds. */
const HEAD_START_MS = 300;
const STALE_AGAIN_MS = 30_000;
const SOONEST_MS = 1_000;
/** Lookups that got no answer in time before the others are put off: each occupies a thread until libc gives up. */
const MAX_TIMEOUTS = 2;
/** resolveName gives up after two seconds; a name that does not exist is answered at once */
const TIMED_OUT_MS = 1_500;

export interface EndpointsOptions {
  /** the real one: its resolveName asks DNS */
  readonly host: Host;
  readonly cache: NameCache;
  readonly clock: Clock;
  /** from 0 to 1 */
  readonly random: () => number;
  readonly emit: Emit;
  readonly trigger: (trigger: Trigger) => void;
}

export interface Endpoints {
  /** takes a model; done when its pass may run: its names are known, or had their head start */
  setModel(model: RouterModel | undefined): Promise<void>;
  passFinished(report: Report): void;
  close(): Promise<void>;
}

interface Dialling {
  readonly tunnel: Tunnel;
  readonly endpoint: Endpoint;
}

interface Looked extends Dialling {
  /** the kernel's, '' for none */
  readonly have: string;
  /** seconds from 0, Infinity: never, or nobody can tell */
  readonly handshakeAge: number;
}

const isName = ({ host }: Endpoint): boolean => canonicalAddress(host) === undefined;

const dialling = (model: RouterModel | undefined): Dialling[] =>
  (model?.tunnels ?? []).flatMap((tunnel) => {
    const { endpoint } = tunnel.peer;
    return endpoint === undefined ? [] : [{ tunnel, endpoint }];
  });

function look({ tunnel, endpoint }: Dialling, devices: readonly WgDevice[], host: Host): Looked | undefined {
  const device = devices.find(({ name }) => name === tunnel.name);
  const peer = device?.peers.find(({ publicKey }) => publicKey === tunnel.peer.publicKey);
  if (peer === undefined) return undefined;
  return { tunnel, endpoint, have: peer.endpoint, handshakeAge: host.handshakeAge(tunnel.name, peer) };
}

const isFresh = ({ handshakeAge }: Looked): boolean => handshakeAge < STALE_AFTER;

export function createEndpoints(options: EndpointsOptions): Endpoints {
  const { host, cache, clock, random, emit, trigger } = options;
  let model: RouterModel | undefined;
  let cancel: () => void = () => undefined;
  let closed = false;
  let busy: Promise<void> = Promise.resolve();
  let failures = 0;
  const triedAt = new Map<string, number>();
  const trials = createTrials();
  /** by tunnel: what was asked for, so that a pass that cannot help is not asked for again and again */
  const asked = new Map<string, { readonly key: string; readonly from: string; readonly to: string }>();

  const names = (list: readonly Dialling[]): string[] => [
    ...new Set(list.filter(({ endpoint }) => isName(endpoint)).map(({ endpoint }) => endpoint.host)),
  ];
  const unknown = (): string[] =>
    names(dialling(model)).filter((name) => cache.fails(name) || cache.addresses(name).length === 0);
  const isOld = (name: string): boolean =>
    clock.ticks() - (triedAt.get(name) ?? -Infinity) >= STALE_AGAIN_MS - SOONEST_MS;

  /**
   * One name after the other, longest untried first; stops where DNS seems dead.
   * @returns whether one that has an address began or ceased to fail, which is a matter for the next pass
   */
  async function resolveNames(list: readonly string[]): Promise<boolean> {
    let timeouts = 0;
    let news = false;
    for (const name of [...list].sort((a, b) => (triedAt.get(a) ?? 0) - (triedAt.get(b) ?? 0))) {
      if (closed || timeouts >= MAX_TIMEOUTS) break;
      const start = clock.ticks();
      triedAt.set(name, start);
      const found = await host.resolveName(name);
      const before = cache.fails(name);
      cache.answer(name, found);
      if (before !== cache.fails(name) && cache.addresses(name).length > 0) news = true;
      if (found.length === 0 && clock.ticks() - start >= TIMED_OUT_MS) timeouts++;
    }
    return news;
  }

  async function round(): Promise<void> {
    cache.endTurns(); // of a pass that could not be
    const devices = await tunnelDevices(host, model);
    const list = dialling(model).flatMap((one) => look(one, devices, host) ?? []);
    for (const { have, endpoint, tunnel } of list.filter(isFresh)) {
      trials.worked(tunnel.name);
      const at = parseEndpoint(have);
      if (at !== undefined && at.port === endpoint.port && isName(endpoint)) cache.proven(endpoint.host, at.host);
    }
    const stale = list.filter((one) => !isFresh(one));
    const news = await resolveNames([...new Set([...names(stale).filter(isOld), ...unknown()])]);
    const moves = stale.map(move);
    if (news || moves.some(({ isAsked }) => isAsked)) trigger({ reason: 'endpoint', at: clock.ticks() });
    await cache.save(new Set(names(dialling(model))));
    schedule([
      ...list.filter(isFresh).map((one) => (STALE_AFTER - one.handshakeAge) * 1000),
      ...moves.map(({ ms }) => ms),
    ]);
  }

  /** Where a tunnel without a handshake shall call now; milliseconds until it is looked at again. */
  function move({ tunnel, endpoint, have }: Looked): { readonly isAsked: boolean; readonly ms: number } {
    const usable = isName(endpoint)
      ? usableAddresses(cache.addresses(endpoint.host), model?.mesh.prefixes ?? [])
      : [endpoint.host];
    const wanted = usable.map((address) => formatEndpoint({ host: address, port: endpoint.port }));
    const key = `${have} ${wanted.join()}`;
    if (wanted.includes(have)) {
      const { to, ms } = trials.next(tunnel.name, have, wanted, clock.ticks());
      const address = to === undefined ? undefined : parseEndpoint(to)?.host;
      if (to === undefined || address === undefined) return { isAsked: false, ms: Math.min(ms, STALE_AGAIN_MS) };
      cache.turn(tunnel.name, address);
      asked.set(tunnel.name, { key, from: have, to });
      return { isAsked: true, ms: Math.min(ms, STALE_AGAIN_MS) };
    }
    const [to] = wanted;
    // the address that is set then has its time from the next look on
    const ms = wanted.length > 1 ? SOONEST_MS : STALE_AGAIN_MS;
    if (to === undefined || asked.get(tunnel.name)?.key === key) return { isAsked: false, ms: STALE_AGAIN_MS };
    asked.set(tunnel.name, { key, from: have, to });
    return { isAsked: true, ms };
  }

  function schedule(waits: number[]): void {
    failures = unknown().length > 0 ? failures + 1 : 0;
    if (failures > 0) waits.push(retryDelay(failures - 1, random()));
    if (waits.length > 0) again(Math.max(SOONEST_MS, Math.min(...waits)));
    else if (dialling(model).length > 0) again(STALE_AGAIN_MS); // no device as yet
  }

  function again(ms: number): void {
    cancel();
    if (!closed) cancel = clock.after(ms, () => void serve());
  }

  function serve(): Promise<void> {
    const work = async (): Promise<void> => {
      if (closed) return;
      try {
        await round();
      } catch (error) {
        if (!isHostError(error)) emit(troubleEvent('look at the endpoints', error));
        again(STALE_AGAIN_MS);
      }
    };
    busy = busy.then(work, work);
    return busy;
  }

  async function headStart(): Promise<void> {
    const late = new Promise<void>((resolve) => void clock.after(HEAD_START_MS, resolve));
    let isLate = false;
    const looking = resolveNames(unknown()).then((news) => {
      if (isLate && news && !closed) trigger({ reason: 'endpoint', at: clock.ticks() });
    });
    await Promise.race([looking, late]);
    isLate = true;
  }

  return {
    async setModel(next) {
      model = next;
      if (unknown().length > 0) await headStart();
      again(SOONEST_MS);
    },
    passFinished({ results }) {
      cache.endTurns();
      const isOurs = ({ operation, outcome }: Result): boolean =>
        operation.kind === 'wireguard' && outcome.status === 'done';
      // the time of an address begins when it is seen
      if (dialling(model).length > 0 && results.some(isOurs)) again(SOONEST_MS);
      for (const { operation, outcome } of results) {
        if (operation.kind !== 'wireguard' || outcome.status !== 'done') continue;
        const change = asked.get(operation.key);
        if (change === undefined) continue;
        asked.delete(operation.key);
        emit({ type: 'endpoint', tunnel: operation.key, from: change.from, to: change.to });
      }
    },
    async close() {
      closed = true;
      cancel();
      await busy;
    },
  };
}
