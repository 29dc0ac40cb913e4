// Drives endpoints-machine.ts: reads the devices, asks DNS, keeps the addresses, and requests a pass when the kernel's endpoint is
// no longer right.
import type { Report } from '../engine/types.ts';
import type { Clock } from '../host/clock.ts';
import { isHostError } from '../host/error.ts';
import type { Host } from '../host/types.ts';
import type { RouterModel } from '../model/types.ts';
import { tunnelDevices } from '../engine/namespaces.ts';
import type { Beat } from './beat.ts';
import { dialling, firstEndpointsState, namesOf, nextEndpoints, proofs } from './endpoints-machine.ts';
import type { EndpointsEffect, EndpointsEvent, Looked, Names, Round } from './endpoints-machine.ts';
import { createNamedTimers, createQueue, drive, type Performers } from './machine.ts';
import type { NameCache } from './name-cache.ts';
import type { Emit, Trigger } from './types.ts';
import { troubleEvent } from './unattended.ts';

/** How long a model's first pass waits for unknown names: a nearby resolver answers in some milliseconds. */
const HEAD_START_MS = 300;
/** A timer of at least this length waits for the beat. */
const BEAT_MS = 10_000;

export interface EndpointsOptions {
  /** the host without the name cache: its resolveName asks DNS */
  readonly host: Host;
  readonly cache: NameCache;
  readonly clock: Clock;
  readonly beat?: Beat;
  /** from 0 to 1 */
  readonly random: () => number;
  readonly emit: Emit;
  readonly trigger: (trigger: Trigger) => void;
}

export interface Endpoints {
  /** sets the model; done when its pass may run: its names are known, or HEAD_START_MS is over */
  setModel(model: RouterModel | undefined): Promise<void>;
  passFinished(report: Report): void;
  close(): Promise<void>;
}

interface Parts extends EndpointsOptions {
  readonly send: (event: EndpointsEvent) => Promise<void>;
  readonly model: () => RouterModel | undefined;
}

export function createEndpoints(options: EndpointsOptions): Endpoints {
  const { cache, clock, beat = clock.after, emit, trigger } = options;
  const queue = createQueue();
  const after: Beat = (ms, run) => (ms < BEAT_MS ? clock.after : beat)(ms, run);
  const timers = createNamedTimers({ after }, () => void send({ type: 'due' }));
  const perform: Performers<EndpointsEffect> = {
    timer: ({ ms }) => timers.set('look', ms),
    look: () => void queue.serve(() => (state().closed ? Promise.resolve() : look(parts))),
    ask: ({ name, round }) => ask(parts, name, round),
    pass: () => trigger({ reason: 'endpoint', at: clock.ticks() }),
    turn: ({ tunnel, address }) => cache.turn(tunnel, address),
    save: ({ names }) => cache.save(new Set(names)),
    emit: ({ event }) => emit(event),
  };
  const { state, send } = drive({ first: firstEndpointsState, next: nextEndpoints, clock, perform });
  const parts: Parts = { ...options, send, model: () => state().model };

  return {
    async setModel(model) {
      const asking = send({ type: 'model', model, names: known(parts, namesOf(dialling(model))) });
      if (state().waits)
        await Promise.race([asking, new Promise<void>((late) => void clock.after(HEAD_START_MS, late))]);
      await send({ type: 'begin' });
    },
    passFinished(report) {
      cache.endTurns();
      void send({ type: 'passed', report });
    },
    async close() {
      await send({ type: 'close' });
      await queue.over();
    },
  };
}

const known = ({ cache, model }: Parts, names: readonly string[] = namesOf(dialling(model()))): Names =>
  new Map(names.map((name) => [name, { addresses: cache.addresses(name), fails: cache.fails(name) }]));

async function look(parts: Parts): Promise<void> {
  const { host, cache, random, emit, send, model } = parts;
  try {
    cache.endTurns(); // in case no pass ended them
    const devices = await tunnelDevices(host, model());
    const list = dialling(model()).flatMap(({ tunnel, endpoint }): Looked[] => {
      const device = devices.find(({ name }) => name === tunnel.name);
      const peer = device?.peers.find(({ publicKey }) => publicKey === tunnel.peer.publicKey);
      if (peer === undefined) return [];
      return [{ tunnel, endpoint, have: peer.endpoint, handshakeAge: host.handshakeAge(tunnel.name, peer) }];
    });
    for (const { name, address } of proofs(list)) cache.proven(name, address);
    await send({ type: 'looked', list, names: known(parts), chance: random() });
  } catch (error) {
    if (!isHostError(error)) emit(troubleEvent('look at the endpoints', error));
    await send({ type: 'failed' });
  }
}

async function ask(parts: Parts, name: string, round: Round): Promise<void> {
  const { host, cache, clock, random, send, model } = parts;
  const start = clock.ticks();
  const addresses = await host.resolveName(name);
  const failed = cache.fails(name);
  cache.answer(name, addresses);
  const names = known(parts, [name, ...namesOf(dialling(model()))]);
  const [ms, found, chance] = [clock.ticks() - start, addresses.length > 0, random()];
  await send({ type: 'answer', name, round, ms, found, failed, names, chance });
}
