// The daemon is killed (SIGKILL) at random moments of an apply, again and again: its next start converges, and the router is
// then exactly as one that was never disturbed. KILLS=200 does it oftener, SEED=N another way.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDaemon } from './lab/daemon.ts';
import { makeLoneRouter, type LoneRouter } from './lab/lone-router.ts';
import type { Router } from './lab/router.ts';
import { configuration, makeVariants, seededRandom, type Variant } from './lab/variants.ts';

const kills = Number(process.env['KILLS'] ?? 20);
const seed = Number(process.env['SEED'] ?? 1);
/** A pass takes about so long, reading the file and making sure included; the lab's machine may be slow. */
const LONGEST_MS = 400;

let lone: LoneRouter;
let router: Router;
let variants: readonly Variant[];
/** by variant: the router after an undisturbed apply */
const undisturbed = new Map<string, string>();

beforeAll(async () => {
  lone = await makeLoneRouter();
  router = lone.router;
  variants = await makeVariants(router);
  for (const { name, text } of variants) {
    await router.writeState(text);
    await router.wgospf(['apply', '--adopt']);
    undisturbed.set(name, await configuration(router));
  }
});
afterAll(() => lone.lab.close());

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Replaces the file at once, as an editor that renames does it: the time to the kill counts from here. */
async function writeState(text: string): Promise<void> {
  await router.writeFile('/etc/wgospf/.state.new', text, 0o640);
  await router.sh('mv /etc/wgospf/.state.new /etc/wgospf/state.yaml');
}

test(`${kills} kills, seed ${seed}`, { timeout: 60_000 + kills * 10_000 }, async () => {
  const random = seededRandom(seed);
  const pick = (): Variant => variants[Math.floor(random() * variants.length)] ?? { name: '', text: '' };
  let applying = 0;
  for (let n = 1; n <= kills; n++) {
    const daemon = await startDaemon(router);
    const from = daemon.lines().length;
    await writeState(pick().text);
    await pause(random() * LONGEST_MS);
    applying += Number(
      !daemon
        .lines()
        .slice(from)
        .some(({ event }) => event === 'pass'),
    );
    await daemon.stop('SIGKILL');

    // sometimes the file changes while nobody looks
    const { name, text } = pick();
    await writeState(text);
    const next = await startDaemon(router);
    expect(await configuration(router), `kill ${n}, then ${name}`).toBe(undisturbed.get(name));
    await next.stop();
  }
  // some kills must hit the pass itself, else the test has shown nothing
  expect(applying).toBeGreaterThan(kills / 10);
});
