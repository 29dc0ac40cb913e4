// The life of router A in a mesh of four, and the boot of router D, while everybody sends what may not cross.
import { startDaemon, type Daemon } from '../netns/lab/daemon.ts';
import { eventually } from '../netns/lab/eventually.ts';
import type { Namespace } from '../netns/lab/namespace.ts';
import type { Router } from '../netns/lab/router.ts';
import { bootD } from './boot.ts';
import { outside, startCapture, within, type Capture } from './captures.ts';
import { changes, faults } from './phases.ts';
import { makeProofMesh, type ProofMesh, type Said } from './mesh.ts';
import { startProber, type Probe } from './probes.ts';
import { crossings, pause, startRecord, type Phase, type Record } from './record.ts';
import { seedPhases } from './seed-stanzas.ts';
import { hostProbes, internetProbes, localProbes, type Rate } from './senders.ts';
import { MESH, TABLE, UNDERLAY, type Mode, type RouterName } from './states.ts';

export interface ScenarioOptions {
  readonly mode: Mode;
  /** modes that A changes to, one after the other, and back */
  readonly changeTo?: readonly Mode[];
  /** of all interfaces of A before anything; B has 0, C 1 and D 2 */
  readonly rpFilter?: 0 | 1 | 2;
  readonly rate?: Rate;
  /** seconds that a phase goes on after what was done in it */
  readonly dwell?: number;
  /** the file `wgospf-guard` */
  readonly guard: string;
  readonly tell?: (phase: Phase) => void;
}

export interface Proof {
  readonly phases: readonly Phase[];
  /** what contradicts the promise, in words; empty: it holds */
  readonly faults: readonly string[];
  /** phases of the seed's stanzas, in which packets are to cross */
  readonly contrast: readonly Phase[];
  /** what A was before and what differs after `down` */
  readonly asFound: boolean;
}

/** What the phases work with. */
export interface Stage {
  readonly mesh: ProofMesh;
  readonly record: Record;
  readonly A: Router;
  readonly options: ScenarioOptions;
  readonly daemon: () => Daemon;
  readonly start: () => Promise<void>;
  readonly kill: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** A's state file is another at once, and the daemon has taken it */
  readonly change: (said: Said) => Promise<void>;
  /** every probe within the mesh is answered, of these places */
  readonly converged: (among?: RegExp) => Promise<void>;
  /** A's own probes, outside and, where the mesh has a namespace, inside */
  readonly watchLocal: (name: RouterName, mode: Mode) => void;
}

const insideOf = (mode: Mode): string[] => (mode === 'netns' ? ['ip', 'netns', 'exec', TABLE] : []);

async function makeCaptures({ lab, L, H, routers }: ProofMesh, mode: Mode): Promise<Capture[]> {
  const inMesh = { filter: within(MESH, UNDERLAY), devices: /^eth0$/ };
  const passing = { filter: within(MESH, UNDERLAY), devices: /^(?!lo$|eth0$)/, inside: insideOf(mode) };
  return Promise.all([
    startCapture('uplink', lab.underlay, { filter: outside(MESH), devices: /^port\d+$/ }),
    startCapture('L', L, inMesh),
    startCapture('H', H, inMesh),
    startCapture('B', routers.B, passing),
    startCapture('C', routers.C, passing),
  ]);
}

const unknown = (probes: readonly Probe[]): Probe[] => probes.map((probe) => ({ ...probe, known: false }));

/** Waits until, for half a second, nearly every probe within the mesh is answered. */
const converged = (record: Record, among: RegExp): Promise<void> =>
  eventually(async () => {
    const known = (): { name: string; sent: number; answered: number }[] =>
      record
        .probers()
        .filter(({ place }) => among.test(place))
        .flatMap(({ place, probes, counts }) =>
          counts().flatMap((counted, i) =>
            probes[i]?.known ? [{ name: `${place}: ${probes[i].name}`, ...counted }] : [],
          ),
        );
    const before = known();
    await pause(0.6);
    const lost = known().filter(({ sent, answered }, i) => {
      const [since, back] = [sent - (before[i]?.sent ?? 0), answered - (before[i]?.answered ?? 0)];
      return back < 0.7 * since;
    });
    if (lost.length > 0) throw new Error(`not answered: ${lost.map(({ name }) => name).join('; ')}`);
  });

function makeStage(mesh: ProofMesh, record: Record, options: ScenarioOptions): Stage {
  const { A } = mesh.routers;
  const { rate = { sharp: 10, plain: 50 } } = options;
  let running: Daemon | undefined;
  const daemon = (): Daemon => {
    if (running === undefined) throw new Error('no daemon runs on A');
    return running;
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    await daemon().stop(signal);
    running = undefined;
  };
  const prober = (place: string, at: Namespace, probes: readonly Probe[], inside: readonly string[] = []): void =>
    record.watch(startProber(place, at, probes, inside));
  return {
    ...{ mesh, record, A, options, daemon },
    start: async () => {
      running = await startDaemon(A);
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    change: async (said) => {
      const from = daemon().lines().length;
      await A.writeFile('/etc/wgospf/.state.new', mesh.state('A', said), 0o640);
      await A.sh('mv /etc/wgospf/.state.new /etc/wgospf/state.yaml');
      await daemon().said(({ event }) => event === 'pass', from);
    },
    converged: (among = /^/) => converged(record, among),
    watchLocal: (name, mode) => {
      const far = name === 'A' ? 'D' : 'A';
      const probes = localProbes(name, far, rate);
      const inside = insideOf(mode);
      prober(name, mesh.routers[name], inside.length === 0 ? probes : unknown(probes));
      if (inside.length > 0) prober(`${name} inside`, mesh.routers[name], probes, inside);
    },
  };
}

/** What contradicts the promise in a phase of wgospf's. */
function faultsOf(phase: Phase): string[] {
  const crossed = crossings(phase);
  return [
    ...(crossed > 0 ? [`${phase.name}: ${crossed} packets crossed`] : []),
    ...phase.answered.map((name) => `${phase.name}: answered, ${name}`),
    ...(phase.never.sent < 20 ? [`${phase.name}: only ${phase.never.sent} probes`] : []),
  ];
}

/** Wants root. Throws where the mesh does not come up; what crosses is in the result. */
export async function scenario(options: ScenarioOptions): Promise<Proof> {
  const { mode, dwell = 1, rate = { sharp: 10, plain: 50 }, rpFilter = 1, tell = () => undefined } = options;
  const mesh = await makeProofMesh(mode, { A: rpFilter, B: 0, C: 1, D: 2 });
  const captures: Capture[] = [];
  try {
    const { A, B, C } = mesh.routers;
    for (const [name, router] of [['B', B] as const, ['C', C] as const]) {
      await router.writeState(mesh.state(name));
      await router.wgospf(['apply', '--adopt']);
    }
    captures.push(...(await makeCaptures(mesh, mode)));
    const record = startRecord(captures, dwell, tell);
    const stage = makeStage(mesh, record, options);
    record.watch(startProber('L', mesh.L, hostProbes('A', 'D', rate)));
    record.watch(startProber('H', mesh.H, hostProbes('D', 'A', rate)));
    record.watch(startProber('internet', mesh.lab.underlay, internetProbes(rate)));

    await bootD(stage);
    const found = await A.dump();
    await A.writeState(mesh.state('A'));
    await record.phase('first apply', () => A.wgospf(['apply', '--adopt']));
    stage.watchLocal('A', mode);
    await record.phase('agent starts', stage.start);
    await record.phase('adjacencies come up', () => stage.converged());
    await changes(stage);
    await faults(stage);
    await stage.stop();
    await record.phase('agent stopped', () => Promise.resolve());
    for (const place of ['A', 'A inside']) await record.forget(place);
    await record.phase('down', () => A.wgospf(['down']));
    await A.sh('rm /etc/wgospf/state.yaml');
    const asFound = (await A.dump()) === found;
    const ours = [...record.phases];
    const contrast = await seedPhases(stage);
    const dropped = await Promise.all(captures.splice(0).map((capture) => capture.stop()));
    return {
      phases: ours,
      contrast,
      asFound,
      faults: [
        ...ours.flatMap(faultsOf),
        ...(dropped.some((n) => n !== 0) ? [`captures lost packets: ${dropped.join(', ')}`] : []),
        ...(asFound ? [] : ['down did not give back all']),
      ],
    };
  } finally {
    await mesh.lab.close();
  }
}
