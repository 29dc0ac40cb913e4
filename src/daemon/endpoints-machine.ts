// Decides which address a tunnel without a handshake calls. Pure. Names are resolved outside the passes, again when a handshake is
// stale and never while it is fresh, as in wireguard-tools' contrib/reresolve-dns: a live peer may roam. Addresses of a name take turns.
//
//   event    where                                      effects
//   -------  -----------------------------------------  ---------------------------------------------------------
//   model    names without an address, or that fail     each is resolved, one after the other; the model's pass waits a moment
//   begin                                               the timer, 1 s: the model's pass may run
//   due                                                 the devices are read; `looked` or `failed` follows
//   looked   fresh                                      its trials are deleted; the timer, for when it becomes stale
//   looked   stale, name untried for 29 s; or unknown   resolved, the longest untried first; `answer` follows each
//   answer   two timeouts: DNS seems dead               no other name is resolved in this round
//   answer   the last; or `looked` without a name       each stale tunnel moves, see below; the timer; `save`
//   answer   the last, after the model's pass began     a pass, if a name began or ceased to fail
//   move     another address's turn begins              the turn, a pass
//   move     the kernel has none of the addresses       a pass, once for the same addresses
//   move     else                                       none: the timer, for when its time ends
//   passed   a device of ours was changed               the timer, 1 s; `endpoint` for each requested change
//   failed                                              the timer, 30 s
//   close                                               no timer, and no other name is resolved
import { STALE_AFTER, usableAddresses } from '../resources/wireguard/endpoint.ts';
import type { Report } from '../engine/types.ts';
import type { Endpoint, RouterModel, Tunnel } from '../model/types.ts';
import { formatEndpoint, parseEndpoint } from '../net/endpoint.ts';
import { canonicalAddress } from '../net/ip.ts';
import { nextTrial, type Trial } from './address-trials.ts';
import type { Step } from './machine.ts';
import { retryDelay } from './retry.ts';
import type { DaemonEvent } from './types.ts';

const STALE_AGAIN_MS = 30_000;
const SOONEST_MS = 1_000;
/** Lookups without an answer in time, before the others are postponed: each occupies a thread until libc gives up. */
const MAX_TIMEOUTS = 2;
/** resolveName gives up after two seconds; for a name that does not exist, DNS answers at once */
const TIMED_OUT_MS = 1_500;

export interface Dialling {
  readonly tunnel: Tunnel;
  readonly endpoint: Endpoint;
}

export interface Looked extends Dialling {
  /** the kernel's, '' for none */
  readonly have: string;
  /** seconds; Infinity: never, or unknown */
  readonly handshakeAge: number;
}

/** The known facts about each name of the model's endpoints. */
export type Names = ReadonlyMap<string, { readonly addresses: readonly string[]; readonly fails: boolean }>;

/** Names that are resolved one after the other. */
export interface Round {
  /** undefined: for a model's pass */
  readonly list: readonly Looked[] | undefined;
  readonly left: readonly string[];
  readonly timeouts: number;
  /** a name with an address began or ceased to fail: this needs a pass */
  readonly news: boolean;
}

export interface EndpointsState {
  readonly model: RouterModel | undefined;
  readonly closed: boolean;
  /** the model's pass waits for its names */
  readonly waits: boolean;
  readonly failures: number;
  readonly triedAt: ReadonlyMap<string, number>;
  readonly trials: ReadonlyMap<string, Trial>;
  /** by tunnel: the requested change, so that a pass that cannot help is not requested repeatedly */
  readonly asked: ReadonlyMap<string, { readonly key: string; readonly from: string; readonly to: string }>;
}

interface Facts {
  /** as known at the time of the event */
  readonly names: Names;
  /** from 0 to 1 */
  readonly chance: number;
}

export type EndpointsEvent =
  | { readonly type: 'due' | 'begin' | 'failed' | 'close' }
  | { readonly type: 'model'; readonly model: RouterModel | undefined; readonly names: Names }
  | ({ readonly type: 'looked'; readonly list: readonly Looked[] } & Facts)
  /** `found`: there are addresses, after `ms`; `failed`: the answer before had none */
  | ({ readonly type: 'answer'; readonly round: Round; readonly name: string; readonly ms: number } & Facts & {
        readonly found: boolean;
        readonly failed: boolean;
      })
  | { readonly type: 'passed'; readonly report: Report };

export type EndpointsEffect =
  | { readonly type: 'timer'; readonly ms: number | undefined }
  | { readonly type: 'look' | 'pass' }
  | { readonly type: 'ask'; readonly name: string; readonly round: Round }
  | { readonly type: 'turn'; readonly tunnel: string; readonly address: string }
  /** these names, and no others */
  | { readonly type: 'save'; readonly names: readonly string[] }
  | { readonly type: 'emit'; readonly event: DaemonEvent };

type EndpointsStep = Step<EndpointsState, EndpointsEffect>;

const PASS: EndpointsEffect = { type: 'pass' };

const isName = ({ host }: Endpoint): boolean => canonicalAddress(host) === undefined;

export const dialling = (model: RouterModel | undefined): Dialling[] =>
  (model?.tunnels ?? []).flatMap((tunnel) => {
    const { endpoint } = tunnel.peer;
    return endpoint === undefined ? [] : [{ tunnel, endpoint }];
  });

export const namesOf = (list: readonly Dialling[]): string[] => [
  ...new Set(list.filter(({ endpoint }) => isName(endpoint)).map(({ endpoint }) => endpoint.host)),
];

const isFresh = ({ handshakeAge }: Looked): boolean => handshakeAge < STALE_AFTER;

/** Addresses of names from which live peers send. */
export const proofs = (list: readonly Looked[]): { readonly name: string; readonly address: string }[] =>
  list.filter(isFresh).flatMap(({ have, endpoint }) => {
    const at = parseEndpoint(have);
    const isProof = at !== undefined && at.port === endpoint.port && isName(endpoint);
    return isProof ? [{ name: endpoint.host, address: at.host }] : [];
  });

const unknown = (model: RouterModel | undefined, names: Names): string[] =>
  namesOf(dialling(model)).filter(
    (name) => names.get(name)?.fails !== false || names.get(name)?.addresses.length === 0,
  );

export const firstEndpointsState: EndpointsState = {
  ...{ model: undefined, closed: false, waits: false, failures: 0 },
  ...{ triedAt: new Map(), trials: new Map(), asked: new Map() },
};

export function nextEndpoints(state: EndpointsState, event: EndpointsEvent, now: number): EndpointsStep {
  switch (event.type) {
    case 'model': {
      const left = longestUntried(state, unknown(event.model, event.names));
      const round: Round = { list: undefined, left, timeouts: 0, news: false };
      return askNext({ ...state, model: event.model, waits: left.length > 0 }, round, { ...event, chance: 0 }, now);
    }
    case 'begin':
      return { state: { ...state, waits: false }, effects: timer(state, SOONEST_MS) };
    case 'due':
      return { state, effects: [{ type: 'look' }] };
    case 'looked':
      return looked(state, event, now);
    case 'answer': {
      const { round, name, found, failed, ms, names } = event;
      const known = names.get(name);
      const news = round.news || (known !== undefined && failed !== known.fails && known.addresses.length > 0);
      const timeouts = round.timeouts + Number(!found && ms >= TIMED_OUT_MS);
      return askNext(state, { ...round, news, timeouts }, event, now);
    }
    case 'passed':
      return passed(state, event.report);
    case 'failed':
      return { state, effects: timer(state, STALE_AGAIN_MS) };
    case 'close':
      return { state: { ...state, closed: true }, effects: [{ type: 'timer', ms: undefined }] };
  }
}

const timer = ({ closed }: EndpointsState, ms: number): EndpointsEffect[] => (closed ? [] : [{ type: 'timer', ms }]);

const longestUntried = ({ triedAt }: EndpointsState, names: readonly string[]): string[] =>
  [...names].sort((a, b) => (triedAt.get(a) ?? 0) - (triedAt.get(b) ?? 0));

function looked(
  state: EndpointsState,
  facts: Facts & { readonly list: readonly Looked[] },
  now: number,
): EndpointsStep {
  const { list, names } = facts;
  const isOld = (name: string): boolean => now - (state.triedAt.get(name) ?? -Infinity) >= STALE_AGAIN_MS - SOONEST_MS;
  const stale = namesOf(list.filter((one) => !isFresh(one)));
  const wanted = [...new Set([...stale.filter(isOld), ...unknown(state.model, names)])];
  const trials = new Map(state.trials);
  for (const { tunnel } of list.filter(isFresh)) trials.delete(tunnel.name);
  const round = { list, left: longestUntried(state, wanted), timeouts: 0, news: false };
  return askNext({ ...state, trials }, round, facts, now);
}

function askNext(state: EndpointsState, round: Round, facts: Facts, now: number): EndpointsStep {
  const [name, ...left] = round.left;
  if (name === undefined || state.closed || round.timeouts >= MAX_TIMEOUTS) return ended(state, round, facts, now);
  const triedAt = new Map([...state.triedAt, [name, now]]);
  return { state: { ...state, triedAt }, effects: [{ type: 'ask', name, round: { ...round, left } }] };
}

function ended(state: EndpointsState, { list, news }: Round, { names, chance }: Facts, now: number): EndpointsStep {
  if (list === undefined) return { state, effects: news && !state.waits && !state.closed ? [PASS] : [] };
  let after = state;
  const turns: EndpointsEffect[] = [];
  const waits = list.filter(isFresh).map(({ handshakeAge }) => (STALE_AFTER - handshakeAge) * 1000);
  for (const one of list.filter((looked) => !isFresh(looked))) {
    const { ms, ...moved } = move(after, one, names, now);
    after = moved.state;
    turns.push(...moved.effects);
    waits.push(ms);
  }
  const all = dialling(state.model);
  const failures = unknown(state.model, names).length > 0 ? state.failures + 1 : 0;
  if (failures > 0) waits.push(retryDelay(failures - 1, chance));
  if (waits.length === 0 && all.length > 0) waits.push(STALE_AGAIN_MS); // no device yet
  return {
    state: { ...after, failures },
    effects: [
      ...turns.filter(({ type }) => type === 'turn'),
      ...(news || turns.length > 0 ? [PASS] : []),
      { type: 'save', names: namesOf(all) },
      ...(waits.length > 0 ? timer(state, Math.max(SOONEST_MS, Math.min(...waits))) : []),
    ],
  };
}

/** Chooses the address that a tunnel without a handshake calls now. Returns effects if it changes; `ms` until the next look. */
function move(
  state: EndpointsState,
  { tunnel, endpoint, have }: Looked,
  names: Names,
  now: number,
): EndpointsStep & { readonly ms: number } {
  const usable = isName(endpoint)
    ? usableAddresses(names.get(endpoint.host)?.addresses ?? [], state.model?.mesh.prefixes ?? [])
    : [endpoint.host];
  const wanted = usable.map((address) => formatEndpoint({ host: address, port: endpoint.port }));
  const key = `${have} ${wanted.join()}`;
  const ask = (to: string): EndpointsState['asked'] =>
    new Map([...state.asked, [tunnel.name, { key, from: have, to }]]);
  if (wanted.includes(have)) {
    const { trial, to, ms } = nextTrial(state.trials.get(tunnel.name), have, wanted, now);
    const tried = { ...state, trials: new Map([...state.trials, [tunnel.name, trial]]) };
    const address = to === undefined ? undefined : parseEndpoint(to)?.host;
    const soon = Math.min(ms, STALE_AGAIN_MS);
    if (to === undefined || address === undefined) return { state: tried, effects: [], ms: soon };
    return { state: { ...tried, asked: ask(to) }, effects: [{ type: 'turn', tunnel: tunnel.name, address }], ms: soon };
  }
  const [to] = wanted;
  if (to === undefined || state.asked.get(tunnel.name)?.key === key) return { state, effects: [], ms: STALE_AGAIN_MS };
  // the time of the new address starts with the next look
  return { state: { ...state, asked: ask(to) }, effects: [PASS], ms: wanted.length > 1 ? SOONEST_MS : STALE_AGAIN_MS };
}

function passed(state: EndpointsState, { results }: Report): EndpointsStep {
  const ours = results
    .filter(({ operation, outcome }) => operation.kind === 'wireguard' && outcome.status === 'done')
    .map(({ operation }) => operation.key);
  const asked = new Map(state.asked);
  const told = ours.flatMap((tunnel): EndpointsEffect[] => {
    const change = asked.get(tunnel);
    if (!asked.delete(tunnel) || change === undefined) return [];
    return [{ type: 'emit', event: { type: 'endpoint', tunnel, from: change.from, to: change.to } }];
  });
  // the time of an address starts when a look sees it
  const again = dialling(state.model).length > 0 && ours.length > 0 ? timer(state, SOONEST_MS) : [];
  return { state: { ...state, asked }, effects: [...again, ...told] };
}
