// Each kind of change to bird.conf, on each real BIRD: what it answers, whose adjacencies live on, what the kernel hears of
// it, and whether a packet is lost. Held against the grades that a plan prints (impact.ts).
import { afterAll, beforeAll, expect, test } from 'vitest';
import { birdVersions, type BirdVersion } from './lab/bird-versions.ts';
import { makeLab, type Lab } from './lab/make-lab.ts';
import { routesOf, rows, type Row } from './reload/rows.ts';
import { runRow, type Seen } from './reload/run-row.ts';
import { makeTrio } from './reload/trio.ts';

/** Most of a row is waiting for OSPF, so several are under way at a time, each on routers of its own. */
const AT_ONCE = 4;

const versions = await birdVersions();
const seen = new Map<string, Promise<Seen>>();
const keyOf = (row: Row, { label }: BirdVersion): string => `${label} ${row.name}`;

/** Every AT_ONCE-th row from this one, one after the other. */
function startRows(lab: Lab, version: BirdVersion, from: number): void {
  let previous: Promise<unknown> = makeTrio(lab, version, `${version.label}${from}`);
  const trio = previous as ReturnType<typeof makeTrio>;
  for (const row of rows.filter((_, i) => i % AT_ONCE === from)) {
    const run = previous.catch(() => undefined).then(async () => runRow(await trio, row));
    run.catch(() => undefined); // its own test tells
    seen.set(keyOf(row, version), run);
    previous = run;
  }
}

let lab: Lab;
beforeAll(async () => {
  lab = await makeLab();
  for (const version of versions) for (let from = 0; from < AT_ONCE; from++) startRows(lab, version, from);
});
afterAll(() => lab.close());

/** `0003 kept`, `0004 reset wga wgb wgc, kernel +2 -2` */
function summary({ reply, resets, lost, routes, connected }: Seen): string {
  const gone = [...resets.map((dev) => `reset ${dev}`), ...lost.map((dev) => `dead ${dev}`)].join(' ') || 'kept';
  const events = Object.entries(routes).map(([kind, count]) => `${count} ${kind}`);
  return [`${reply} ${gone}`, ...events, ...(connected ? ['connected'] : [])].join(', ');
}

afterAll(async () => {
  const table: Record<string, Record<string, string>> = {};
  for (const row of rows) {
    table[row.name] = {};
    for (const version of versions) {
      const found = await seen.get(keyOf(row, version))?.catch(() => undefined);
      Object.assign(table[row.name] ?? {}, { [version.version]: found === undefined ? '?' : summary(found) });
    }
  }
  console.table(table);
});

const cases = rows.flatMap((row) => versions.map((version) => [row.name, version.label, row, version] as const));

test.for(cases)('%s behaves as documented in BIRD %s', { timeout: 600_000 }, async ([, , row, version]) => {
  const found = await seen.get(keyOf(row, version));
  const { reply, grade, resets = [], back = resets, lost = [], connected = false } = row;
  expect(found).toMatchObject({ reply, resets, back, lost, routes: routesOf(row, version) });
  if (!connected) expect(found?.connected).toBe(false);
  // the plan's own words for it
  expect(found?.foretold).toEqual(resets);
  if (grade !== undefined) expect(found?.grade).toBe(grade);
  // a tunnel that it does not concern
  expect(found?.lostNear).toBe(0);
  if (!resets.includes('wgc')) expect(found?.lostFar).toBe(0);
});
