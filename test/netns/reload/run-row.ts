// One row of the table on a trio: back to how it begins, the change, and what came of it.
import type { Impact } from '../../../src/engine/types.ts';
import { gradeChange, resetsOf } from '../../../src/resources/bird/impact.ts';
import { readSections } from '../../../src/resources/bird/sections.ts';
import { eventually } from '../lab/eventually.ts';
import { lostPings } from '../lab/expect-mesh.ts';
import type { BirdVersion } from '../lab/bird-versions.ts';
import { routesOf, type RouteEvents, type Row } from './rows.ts';
import { CABLES, confOf, same, stateOf, type Happened, type Name, type Trio } from './trio.ts';

export interface Seen {
  readonly reply: string;
  /** as impact.ts has it of the two files */
  readonly grade: Impact;
  /** cables whose neighbour impact.ts gives up */
  readonly foretold: readonly string[];
  readonly resets: readonly string[];
  readonly lost: readonly string[];
  readonly back: readonly string[];
  readonly routes: RouteEvents;
  readonly connected: boolean;
  /** packets */
  readonly lostNear: number;
  readonly lostFar: number;
}

/** c's end of the cable, and its network by OSPF's route */
const [NEAR, FAR] = ['10.70.1.5', '10.69.3.1'];

const learned = [
  '10.69.2.0/24 via 10.70.1.1 dev wga table 2 metric 64',
  '10.69.3.0/24 via 10.70.1.5 dev wgc table 2 metric 64',
].join('\n');

function confs({ edit = same, hand = same, undone = false }: Row, { version }: Trio, name: Name): [string, string] {
  const dialect = version.major === 1 ? 1 : 2;
  const plain = confOf(stateOf(name), version);
  const changed = hand(confOf(edit(stateOf(name)), version), dialect);
  return undone ? [changed, plain] : [plain, changed];
}

/** Until all are Full and the two routes are there: a BIRD that got its neighbours back too fast computes no routes by itself (docs/facts.md). */
async function restore(trio: Trio, a: string, b: string): Promise<void> {
  await eventually(
    async () => {
      await trio.configure(trio.b, b);
      await trio.configure(trio.a, a);
      await trio.a.sh('{ ip route flush table 3; ip route flush table 2 metric 100; } 2>/dev/null || true');
      const states = (await trio.a.ospfNeighbors()).map(({ dev, state }) => `${dev} ${state}`);
      const found = `${states.sort().join(', ')}\n${(await trio.routes()).join('\n')}`;
      if (found !== `wga Full/PtP, wgb Full/PtP, wgc Full/PtP\n${learned}`) throw new Error(`${trio.a.name}: ${found}`);
    },
    { every: 1000 },
  );
}

const cablesOf = (neighbors: readonly string[], pattern: RegExp): string[] =>
  CABLES.filter((dev) => neighbors.some((line) => line.startsWith(`${dev} `) && pattern.test(line)));

/** Lines of the log up to the end of the reconfiguration, and after it. */
function split(log: readonly string[]): [string[], string[]] {
  const end = log.lastIndexOf('Reconfigured') + 1;
  return [log.slice(0, end), log.slice(end)];
}

const neighborsIn = (log: readonly string[]): string[] =>
  log.flatMap((line) => {
    const [, dev, from, to] = /Neighbor \S+ on (\S+) changed state from (\S+) to (\S+)/.exec(line) ?? [];
    return dev === undefined ? [] : [`${dev} ${from ?? ''}->${to ?? ''}`];
  });

/** `10.69.2.0/24 table 2 metric 64`: the kernel holds one route of a key. */
function keyOf(line: string): string {
  const [destination = ''] = line.split(' ', 1);
  return [destination, ...(line.match(/\b(?:table|metric) \d+/g) ?? [])].join(' ');
}

const isLearned = (line: string): boolean => /^(?:Deleted )?10\.69\.[23]\.0\/24 /.test(line);

function countRoutes(routes: readonly string[]): RouteEvents {
  const held = new Set(learned.split('\n').map(keyOf));
  const count: Partial<Record<keyof RouteEvents, number>> = {};
  for (const line of routes.filter(isLearned)) {
    const key = keyOf(line.replace(/^Deleted /, ''));
    const kind = line.startsWith('Deleted') ? 'deleted' : held.has(key) ? 'replaced' : 'added';
    if (kind === 'deleted') held.delete(key);
    else held.add(key);
    count[kind] = (count[kind] ?? 0) + 1;
  }
  return count;
}

/** A protocol that restarts, or goes, says nothing of each neighbour. */
const ended = /^(?:Restarting|Removing) protocol mesh4$/;

function resetIn(log: readonly string[]): string[] {
  return log.some((line) => ended.test(line)) ? [...CABLES] : cablesOf(neighborsIn(log), / Full->/);
}

/** What BIRD has still to do; '' where nothing. */
function unfinished(row: Row, version: BirdVersion, { log, routes }: Happened): string {
  const { until, resets = [], back = resets, lost = [] } = row;
  const [during, later] = split(log);
  if (during.length === 0) return 'the configuration';
  if (until !== undefined && !later.some((line) => until.test(line))) return until.source;
  const gained = cablesOf(neighborsIn(log), /->Full/);
  const gone = cablesOf(neighborsIn(later), / Full->/);
  const cables = [...back.filter((dev) => !gained.includes(dev)), ...lost.filter((dev) => !gone.includes(dev))];
  if (cables.length > 0) return cables.join(' ');
  const counted = countRoutes(routes);
  const few = objectEntries(routesOf(row, version)).filter(([kind, count]) => (counted[kind] ?? 0) < count);
  if (few.length > 0) return few.join(' ');
  const last = (pattern: RegExp): number => log.findLastIndex((line) => pattern.test(line));
  return last(/Scheduling routing table/) > last(/routing table synchroni[sz]ation/) ? 'the routes' : '';
}

const objectEntries = (events: RouteEvents): [keyof RouteEvents, number][] =>
  Object.entries(events) as [keyof RouteEvents, number][];

/** Makes the change with pings under way, and gives back what happened when all is over. */
async function change(trio: Trio, row: Row, after: string, afterB: string): Promise<Happened & { reply: string }> {
  const since = await trio.mark();
  const reply = await trio.configure(trio.a, after, row.command);
  if (row.bothEnds === true) await trio.configure(trio.b, afterB);
  return eventually(
    async () => {
      const happened = await since();
      const rest = unfinished(row, trio.version, happened);
      if (rest === '') return { ...happened, reply };
      const seen = [...happened.log, ...happened.routes].join('\n');
      throw new Error(`${row.name}, BIRD ${trio.version.label}: waits for ${rest}\n${seen}`);
    },
    { within: 30, every: 200 },
  );
}

export async function runRow(trio: Trio, row: Row): Promise<Seen> {
  const [before, after] = confs(row, trio, 'a');
  const [beforeB, afterB] = confs(row.bothEnds === true ? row : { name: 'nothing', reply: '0003' }, trio, 'b');
  await restore(trio, before, beforeB);
  const pings = [NEAR, FAR].map((to) => trio.a.start('ping', ['-n', '-i', '0.05', to]));
  const { reply, log, routes } = await change(trio, row, after, afterB);
  const [lostNear = 0, lostFar = 0] = (await Promise.all(pings.map((ping) => ping.stop()))).map(
    (output) => lostPings(output).length,
  );
  const [old, now] = [readSections(before), readSections(after)];
  const resets = resetsOf(old, now);
  const [during, later] = split(log);
  return {
    reply,
    grade: gradeChange(old, now),
    foretold: CABLES.filter((dev) => resets('mesh4', dev)),
    resets: resetIn(during),
    lost: cablesOf(neighborsIn(later), / Full->/),
    back: cablesOf(neighborsIn(log), /->Full/),
    routes: countRoutes(routes),
    connected: routes.some((line) => !isLearned(line)),
    lostNear,
    lostFar,
  };
}
