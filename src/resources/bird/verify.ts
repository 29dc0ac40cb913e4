// Verifies a new configuration: BIRD runs it, its protocols are up, and each adjacency that was Full is Full, except those that
// the change may reset. Only reads, in restricted sessions: nothing here can cancel the pending undo.
import { parseNeighbors } from '../../host/bird/parse/neighbors.ts';
import { parseProtocols } from '../../host/bird/parse/protocols.ts';
import { HostError } from '../../host/error.ts';
import type { Host } from '../../host/types.ts';
import { protocolNames } from './clauses.ts';
import { ask, runningGeneration, type ConfigSource } from './configure.ts';
import { resetsOf, type Resets } from './impact.ts';
import { readSections } from './sections.ts';
import type { BirdPayload } from './spec.ts';

type Configure = Extract<BirdPayload, { do: 'configure' }>;

const POLL_MS = 100;
/** how long an adjacency that fell without need may take to come back */
const VERIFY_MS = 20_000;

interface Adjacency {
  readonly protocol: string;
  readonly interface: string;
  readonly address: string;
}

/** The state before the change. */
export interface Before {
  /** what BIRD ran, to judge what the change may disturb; undefined: unknown, so it may disturb everything */
  readonly text: string | undefined;
  readonly full: readonly Adjacency[];
}

export async function fullAdjacencies(host: Host, source: ConfigSource): Promise<Adjacency[]> {
  const blocks = parseNeighbors(await ask(host, source, 'show ospf neighbors'));
  return blocks.flatMap(({ protocol, neighbors }) =>
    neighbors
      .filter(({ state }) => state === 'Full')
      .map(({ interface: name, address }) => ({ protocol, interface: name, address })),
  );
}

/** Returns as soon as all is well: at once for a change that resets nothing. */
export async function verify(host: Host, payload: Configure, before: Before): Promise<void> {
  const after = readSections(payload.text);
  const resets: Resets = before.text === undefined ? () => true : resetsOf(readSections(before.text), after);
  const kept = before.full.filter((one) => !resets(one.protocol, one.interface));
  const expected = { kept, protocols: protocolNames(after) };
  const end = host.ticks() + VERIFY_MS;
  for (;;) {
    await isOurs(host, payload);
    const wrong = await problem(host, payload, expected);
    if (wrong === undefined) return;
    if (host.ticks() >= end) throw failure(payload, 'BIRD_NOT_WELL', wrong);
    await host.sleep(POLL_MS);
  }
}

async function isOurs(host: Host, payload: Configure): Promise<void> {
  const running = await runningGeneration(host, payload);
  if (running === payload.generation) return;
  const other = running === '' ? 'a configuration that is not ours' : `generation ${running}`;
  const detail = `BIRD runs ${other} after it took generation ${payload.generation}; somebody else configures it`;
  throw failure(payload, 'BIRD_OTHER_GENERATION', detail);
}

interface Expected {
  readonly kept: readonly Adjacency[];
  readonly protocols: readonly string[];
}

/** The first fault; undefined if there is none. */
async function problem(host: Host, source: ConfigSource, expected: Expected): Promise<string | undefined> {
  const protocols = parseProtocols(await ask(host, source, 'show protocols'));
  const states = new Map(protocols.map(({ name, state }) => [name, state]));
  const down = expected.protocols.find((name) => states.get(name) !== 'up');
  if (down !== undefined) return `protocol ${down} is ${states.get(down) ?? 'missing'}, and should be up`;
  if (expected.kept.length === 0) return undefined;
  const full = new Set((await fullAdjacencies(host, source)).map(nameOf));
  const lost = expected.kept.find((one) => !full.has(nameOf(one)));
  return lost && `the adjacency with ${nameOf(lost)} was Full before, and the change should not have touched it`;
}

const nameOf = (one: Adjacency): string => `${one.address} on ${one.interface} (${one.protocol})`;

const failure = ({ path, socket }: ConfigSource, code: string, detail: string): HostError =>
  new HostError({ operation: `birdc configure timeout (${path}, ${socket})`, code, detail });
