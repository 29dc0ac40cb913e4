// The means of the proof's phases: router A, its agent, and the senders.
import { startDaemon, type Daemon } from '../netns/lab/daemon.ts';
import { eventually } from '../netns/lab/eventually.ts';
import type { Router } from '../netns/lab/router.ts';
import type { ProofMesh, StateOptions } from './mesh.ts';
import { startProber, type Probe } from './probes.ts';
import { pause, type Record } from './record.ts';
import { localProbes, foreignProbes, type Rate } from './senders.ts';
import { TABLE, type Mode, type RouterName } from './states.ts';

export interface Stage {
  readonly mesh: ProofMesh;
  readonly record: Record;
  readonly A: Router;
  /** the isolation of A's first state file */
  readonly mode: Mode;
  readonly daemon: () => Daemon;
  readonly start: () => Promise<void>;
  readonly kill: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** replaces A's state file, all at once; its agent has made a pass */
  readonly change: (options: StateOptions) => Promise<void>;
  /** waits until nearly every probe within the mesh is answered, of these places */
  readonly converged: (among?: RegExp) => Promise<void>;
  /** a router's own probes from now on */
  readonly watchLocal: (name: RouterName, mode: Mode) => void;
  /** the same within the mesh's namespace, where there is one by now */
  readonly watchInside: (name: RouterName, mode: Mode) => void;
  /** the host behind A under sources that are not the mesh's, from now on */
  readonly watchStrangers: () => void;
  /** while eth1 of A is not in its file: a network that is none of the mesh's may go out */
  readonly withoutStrangers: (action: () => Promise<unknown>) => Promise<void>;
}

/** What to put before a command so that it runs in the mesh. */
export const insideOf = (mode: Mode): string[] => (mode === 'netns' ? ['ip', 'netns', 'exec', TABLE] : []);

export const insidePlace = (name: RouterName): string => `${name} inside`;

const FOREIGN = 'L as a stranger';

/** Outside of the mesh's namespace nothing reaches the mesh. */
const unknown = (probes: readonly Probe[]): Probe[] => probes.map((probe) => ({ ...probe, known: false }));

interface Known {
  readonly name: string;
  readonly sent: number;
  readonly answered: number;
}

const knownOf = (record: Record, among: RegExp): Known[] =>
  record
    .probers()
    .filter(({ place }) => among.test(place))
    .flatMap(({ place, probes, counts }) =>
      counts().flatMap((counted, i) => (probes[i]?.known ? [{ name: `${place}: ${probes[i].name}`, ...counted }] : [])),
    );

const converged = (record: Record, among: RegExp): Promise<void> =>
  eventually(async () => {
    const before = knownOf(record, among);
    await pause(0.6);
    const lost = knownOf(record, among).filter(({ sent, answered }, i) => {
      const [since, back] = [sent - (before[i]?.sent ?? 0), answered - (before[i]?.answered ?? 0)];
      return since === 0 || back < 0.7 * since;
    });
    if (lost.length > 0) throw new Error(`not answered: ${lost.map(({ name }) => name).join('; ')}`);
  });

export function makeStage(mesh: ProofMesh, record: Record, mode: Mode, rate: Rate): Stage {
  const { A } = mesh.routers;
  let running: Daemon | undefined;
  const daemon = (): Daemon => {
    if (running === undefined) throw new Error('no agent runs on A');
    return running;
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    await daemon().stop(signal);
    running = undefined;
  };
  const watchStrangers = (): void => record.watch(startProber(FOREIGN, mesh.L, foreignProbes(rate)));
  const local = (name: RouterName): Probe[] => localProbes(name, name === 'A' ? 'D' : 'A', rate);
  return {
    ...{ mesh, record, A, mode, daemon, watchStrangers },
    withoutStrangers: async (action) => {
      await record.forget(FOREIGN);
      await action();
      watchStrangers();
    },
    start: async () => {
      running = await startDaemon(A);
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    change: async (options) => {
      const from = daemon().lines().length;
      await A.writeFile('/etc/wgospf/.state.new', mesh.state('A', options), 0o640);
      await A.sh('mv /etc/wgospf/.state.new /etc/wgospf/state.yaml');
      await daemon().logged(({ event }) => event === 'pass', from);
    },
    converged: (among = /^/) => converged(record, among),
    watchLocal: (name, of) => {
      record.watch(startProber(name, mesh.routers[name], of === 'netns' ? unknown(local(name)) : local(name)));
    },
    watchInside: (name, of) => {
      if (of !== 'netns') return;
      record.watch(startProber(insidePlace(name), mesh.routers[name], local(name), insideOf(of)));
    },
  };
}
