// A long time of everything at once on one router: edits, damage from outside, kills of BIRD and of the daemon. At the end the
// router must match the state file, foreign objects must be unchanged, and nothing may have grown.
import { readdirSync, readFileSync } from 'node:fs';
import { hostDamages, tunnelDamages, wireguardDamages, type Damage } from './damages.ts';
import { startDaemon, type Daemon } from './daemon.ts';
import { eventually } from './eventually.ts';
import { makeLoneRouter } from './lone-router.ts';
import type { Router } from './router.ts';
import { configuration, makeVariants, seededRandom, type Variant } from './variants.ts';

export interface SoakOptions {
  readonly seconds: number;
  readonly seed: number;
}

export interface SoakReport {
  readonly steps: Readonly<Record<string, number>>;
  /** why the end is wrong; empty if it is right */
  readonly faults: readonly string[];
  /** of the daemon, at the end and after its first minute (or the first tenth): descriptors, and resident memory in MiB */
  readonly descriptors: { readonly early: number; readonly late: number };
  readonly rss: { readonly early: number; readonly late: number };
}

const theirs = `
  ip link show other | sed 's/^[0-9]*: //'; ip addr show other | grep 'inet '
  ip route show table all proto static; ip rule show pref 900; sysctl net.ipv4.conf.other.rp_filter`;

const makeTheirs = `
  ip link add other type bridge; ip addr add 192.0.2.1/24 dev other; ip link set other up
  ip route add 192.0.2.128/25 dev other table 2 proto static; ip route add 203.0.113.128/25 dev other proto static
  ip rule add pref 900 iif other lookup 100; sysctl -qw net.ipv4.conf.other.rp_filter=0`;

interface Soaking {
  readonly router: Router;
  readonly variants: readonly Variant[];
  daemon: Daemon;
  variant: Variant;
}

type Step = (soak: Soaking, random: () => number) => Promise<void>;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const pick = <T>(list: readonly T[], random: () => number): T => {
  const found = list[Math.floor(random() * list.length)];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
};

async function restart(soak: Soaking, signal: NodeJS.Signals): Promise<void> {
  await soak.daemon.stop(signal);
  soak.daemon = await startDaemon(soak.router);
}

const edit: Step = async (soak, random) => {
  soak.variant = pick(soak.variants, random);
  await soak.router.writeState(soak.variant.text);
};

const damages: readonly Damage[] = [
  ...['wg222', 'wg333'].flatMap((name, n) => tunnelDamages({ name, network: `10.70.89.${2 * n}/31` })),
  ...hostDamages,
  ...wireguardDamages,
];

/** The damaged object may be missing in this variant. */
const damage: Step = async ({ router }, random) => {
  const { command } = pick(damages, random);
  await router.exec('bash', ['-c', command], { mayFail: true });
};

const flush: Step = async ({ router }, random) => {
  const command = pick(['ip route flush table 2 proto 87', 'ip rule flush protocol 87', 'ip link del wg222'], random);
  await router.exec('bash', ['-c', command], { mayFail: true });
};

const badFile: Step = async (soak) => {
  await soak.router.writeState(soak.variant.text.slice(0, -20));
  await pause(700);
  await soak.router.writeState(soak.variant.text);
};

const killBird: Step = async ({ router }, random) => {
  await router.exec('pkill', ['-KILL', '-x', 'bird'], { mayFail: true });
  await pause(random() * 2_000);
  await router.exec('bird', ['-u', 'bird', '-g', 'bird'], { mayFail: true });
};

const stopBird: Step = async ({ router }, random) => {
  await router.exec('pkill', ['-STOP', '-x', 'bird'], { mayFail: true });
  await pause(random() * 4_000);
  await router.exec('pkill', ['-CONT', '-x', 'bird'], { mayFail: true });
};

/** How often each step occurs in ten thousand: steps that end processes cost seconds each. */
const steps: readonly (readonly [name: string, weight: number, step: Step])[] = [
  ['edit', 40, edit],
  ['damage', 40, damage],
  ['flush', 6, flush],
  ['bad file', 4, badFile],
  ['BIRD killed', 3, killBird],
  ['BIRD stopped', 2, stopBird],
  ['daemon killed', 3, (soak) => restart(soak, 'SIGKILL')],
  ['daemon restarted', 2, (soak) => restart(soak, 'SIGTERM')],
];

function choose(random: () => number): (typeof steps)[number] {
  const weights = steps.reduce((sum, [, weight]) => sum + weight, 0);
  let at = random() * weights;
  for (const step of steps) {
    at -= step[1];
    if (at < 0) return step;
  }
  return pick(steps, random);
}

/** Descriptors and resident memory of an idle process: descriptors are open while it reads files. */
async function sizeAtRest(pid: number): Promise<{ descriptors: number; rss: number }> {
  const sizes = [sizeOf(pid)];
  while (sizes.length < 20) {
    await pause(250);
    sizes.push(sizeOf(pid));
  }
  const least = (field: 'descriptors' | 'rss'): number => Math.min(...sizes.map((size) => size[field]));
  return { descriptors: least('descriptors'), rss: least('rss') };
}

/** From proc(5); resident memory in MiB. */
function sizeOf(pid: number): { descriptors: number; rss: number } {
  const rss = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return { descriptors: readdirSync(`/proc/${pid}/fd`).length, rss: Math.round(Number(rss) / 1024) };
}

/** Processes of the namespace by name, except those that come and go with a variant. */
async function processes(router: Router): Promise<string> {
  const names = (await router.sh('ps -e -o comm=')).trim().split('\n');
  return names
    .filter((name) => !/^(ps|bash|wireguard-go)$/.test(name))
    .sort()
    .join(' ');
}

/** The daemon starts a `wg` or similar for a moment now and then: the smallest count of several looks. */
async function calmProcesses(router: Router): Promise<string> {
  let fewest = await processes(router);
  for (let look = 0; look < 5; look++) {
    await pause(300);
    const found = await processes(router);
    if (found.length < fewest.length) fewest = found;
  }
  return fewest;
}

/** Network namespaces in which processes of the router live: one. */
const namespaces = (router: Router): Promise<string> =>
  router.sh('readlink /proc/[0-9]*/ns/net 2>/dev/null | sort -u | wc -l || true');

async function undisturbed(router: Router, variants: readonly Variant[]): Promise<Map<string, string>> {
  const all = new Map<string, string>();
  for (const { name, text } of variants) {
    await router.writeState(text);
    await router.wgospf(['apply', '--adopt']);
    all.set(name, await configuration(router));
  }
  return all;
}

/** Differences that remain after a quiet time, in which the poll finds what the kernel does not report. */
async function faultsOf(checks: Readonly<Record<string, () => Promise<void>>>): Promise<string[]> {
  const faults: string[] = [];
  for (const [name, check] of Object.entries(checks)) {
    try {
      await eventually(check, { within: 120, every: 500 });
    } catch (error) {
      faults.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return faults;
}

function same(found: string, wanted: string): void {
  if (found === wanted) return;
  const lines = (text: string, without: string): string[] =>
    text.split('\n').filter((line) => !without.split('\n').includes(line));
  throw new Error(
    [...lines(wanted, found).map((l) => `- ${l}`), ...lines(found, wanted).map((l) => `+ ${l}`)].join('\n'),
  );
}

/** Needs root. */
export async function soak({ seconds, seed }: SoakOptions): Promise<SoakReport> {
  const { lab, router } = await makeLoneRouter();
  try {
    await router.sh(makeTheirs);
    const variants = await makeVariants(router);
    const expected = await undisturbed(router, variants);
    const before = { theirs: await router.sh(theirs), namespaces: await namespaces(router) };
    const random = seededRandom(seed);
    const soaking: Soaking = {
      ...{ router, variants, variant: pick(variants, random), daemon: await startDaemon(router) },
    };
    const calm = await calmProcesses(router);
    const counts: Record<string, number> = {};
    const end = Date.now() + seconds * 1000;
    while (Date.now() < end) {
      const [name, , step] = choose(random);
      await step(soaking, random);
      counts[name] = (counts[name] ?? 0) + 1;
      await pause(random() * 300);
    }
    await router.writeState(soaking.variant.text);
    const late = await growth(soaking, random);
    const faults = await faultsOf({
      'in sync': async () => {
        same(await configuration(router), expected.get(soaking.variant.name) ?? '');
      },
      "others' objects": async () => {
        same(await router.sh(theirs), before.theirs);
      },
      processes: async () => {
        same(await calmProcesses(router), calm);
      },
      namespaces: async () => {
        same(await namespaces(router), before.namespaces);
      },
    });
    await soaking.daemon.stop();
    return { steps: counts, faults, ...late };
  } finally {
    await lab.close();
  }
}

/** One daemon that is not restarted: the cost of two hundred more edits and damages, after a hundred to warm up. */
async function growth(soaking: Soaking, random: () => number): Promise<Pick<SoakReport, 'descriptors' | 'rss'>> {
  const pid = await soaking.daemon.pid();
  const work = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      await (random() < 0.5 ? edit : damage)(soaking, random);
      await pause(20);
    }
  };
  await work(100);
  const early = await sizeAtRest(pid);
  await work(200);
  const late = await sizeAtRest(pid);
  return {
    descriptors: { early: early.descriptors, late: late.descriptors },
    rss: { early: early.rss, late: late.rss },
  };
}
