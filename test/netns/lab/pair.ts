// One pair of routers from two state files that mirror each other: set up, compared with the expectation, taken down.
import { keyOf, lanOf, PASSWORD, type Pair, type Side } from '../../properties/pairs.ts';
import { toYaml } from '../../properties/state-files.ts';
import { eventually } from './eventually.ts';
import type { Lab } from './make-lab.ts';
import type { Namespace } from './namespace.ts';
import type { Router } from './router.ts';

/** What a pair should do, except what a warning excuses: its plans are applied, and nothing leaks. */
export type Wish = 'ipv4' | 'ipv6' | 'bfd' | 'status';
type Excused = ReadonlySet<Wish>;

interface End {
  readonly side: Side;
  readonly router: Router;
  readonly host: Namespace;
}

/** Long enough for a busy machine; a working pair takes some seconds. */
const WITHIN = 40;

async function makeEnd(lab: Lab, name: string, side: Side): Promise<End> {
  const router = await lab.router(name);
  const { four, six } = lanOf(side);
  const host = await lab.host(`${name}h`, router, { dev: 'lan', address: `${four}.50/24`, gateway: `${four}.1` });
  await host.sh(`ip -6 addr add ${six}:50/64 dev eth0 nodad; ip -6 route add default via ${six}:1`);
  await router.writeFile('/etc/wgospf/keys/own.key', `${keyOf(side)}\n`, 0o600);
  await router.writeFile('/etc/wgospf/keys/password', `${PASSWORD}\n`, 0o600);
  return { side, router, host };
}

/** The command's output if it failed. */
async function failing(router: Router, ...args: string[]): Promise<string[]> {
  const { exitCode, stdout, stderr } = await router.wgospf(args, { mayFail: true, timeout: 240 });
  return exitCode === 0 ? [] : [`${router.name}: wgospf ${args.join(' ')}: exit ${exitCode}\n${stderr}${stdout}`];
}

async function setUp({ side, router }: End, far: End, pair: Pair): Promise<string[]> {
  await router.writeState(toYaml(pair.state(side, far.router)));
  await router.startBird();
  return failing(router, 'apply', '--adopt');
}

/** The last findings of `attempt` when the time is over; empty as soon as it finds nothing. */
async function settled(attempt: () => Promise<readonly string[]>): Promise<string[]> {
  let last: readonly string[] = [];
  try {
    await eventually(
      async () => {
        last = await attempt();
        if (last.length > 0) throw new Error(last.join('\n'));
      },
      { within: WITHIN, every: 1000 },
    );
    return [];
  } catch {
    return [...last];
  }
}

async function pings(one: End, two: End, ipv6: boolean, excused: Excused): Promise<string[]> {
  const { four, six } = lanOf(two.side);
  const targets = [
    ...(excused.has('ipv4') ? [] : [`${four}.50`]),
    ...(ipv6 && !excused.has('ipv6') ? [`${six}:50`] : []),
  ];
  const lost = await Promise.all(
    targets.map(async (to) => {
      const { exitCode } = await one.host.exec('ping', ['-n', '-c', '1', '-W', '2', to], { mayFail: true });
      return exitCode === 0 ? [] : [`no answer from ${to}`];
    }),
  );
  return lost.flat();
}

async function sessions({ router }: End, { bfd }: Pair): Promise<string[]> {
  if (!bfd) return [];
  const sessions = await router.sh('birdc show bfd sessions');
  return /\bUp\b/.test(sessions) && !/\b(Down|Init)\b/.test(sessions) ? [] : [`${router.name}: BFD: ${sessions}`];
}

/** The facts that a person would look at next. */
const seenAt = ({ router }: End): Promise<string> =>
  router.sh(
    `echo "-- ${router.name}"; ip route show table all proto bird; ip -6 route show table all proto bird; birdc show ospf neighbors | tail -n +2`,
  );

/** The faults of a pair that `check` accepts. */
export async function troubleOf(lab: Lab, pair: Pair, index: number, excused: Excused): Promise<string[]> {
  const ends = await Promise.all([makeEnd(lab, `p${index}a`, 1), makeEnd(lab, `p${index}b`, 2)]);
  const [a, b] = ends;
  try {
    if (!pair.tunnel) await lab.connect(a.router, 'cab', b.router, 'cab');
    const applied = await Promise.all([setUp(a, b, pair), setUp(b, a, pair)]);
    if (applied.flat().length > 0) return applied.flat();
    const lost = await settled(() => pings(a, b, pair.ipv6, excused));
    const found = await Promise.all(
      ends.map(async (end) => [
        ...(excused.has('bfd') ? [] : await settled(() => sessions(end, pair))),
        ...(excused.has('status') ? [] : await settled(() => failing(end.router, 'status'))),
        ...(await failing(end.router, 'leak-check')),
      ]),
    );
    const trouble = [...lost, ...found.flat()];
    return trouble.length === 0 ? [] : [...trouble, ...(await Promise.all(ends.map(seenAt)))];
  } finally {
    await Promise.all(ends.flatMap(({ router, host }) => [router.close(), host.close()]));
  }
}
