// The life of router A in a mesh of four, and the boot of router D, while hosts send everything that may not cross.
import { bootD } from './boot.ts';
import { outside, startCapture, within, type Capture } from './captures.ts';
import { makeProofMesh, type ProofMesh } from './mesh.ts';
import { networkdPhases } from './networkd.ts';
import { changes, faults, modeChanges, ruleset } from './phases.ts';
import { startProber } from './probes.ts';
import { crossings, startRecord, type Phase } from './record.ts';
import { seedPhases } from './seed-stanzas.ts';
import { hostProbes, internetProbes, foreignProbes, tunnelProbes, type Rate } from './senders.ts';
import { insideOf, insidePlace, makeStage, type Stage } from './stage.ts';
import { MESH, foreign, tunnelName, UNDERLAY, type Mode } from './states.ts';

/** The parts of a run beside boot, first apply and `down`. */
export const parts = ['changes', 'faults', 'ruleset', 'networkd', 'modes', 'contrast'] as const;
export type Part = (typeof parts)[number];

export interface ScenarioOptions {
  readonly mode: Mode;
  readonly parts: readonly Part[];
  /** the modes of part `modes`, one after the other, and back */
  readonly changeTo?: readonly Mode[];
  /** of all interfaces of A before anything; B has 0, C 1 and D 2 */
  readonly rpFilter?: 0 | 1 | 2;
  readonly rate?: Rate;
  /** seconds that a phase continues after its action */
  readonly dwell?: number;
  /** the file `wgospf-guard` */
  readonly guard: string;
  readonly tell?: (phase: Phase) => void;
}

export interface Proof {
  readonly phases: readonly Phase[];
  /** contradictions to the promise, in words; empty: it holds */
  readonly faults: readonly string[];
  /** phases of the seed's stanzas, in which packets should cross */
  readonly contrast: readonly Phase[];
}

async function makeCaptures({ lab, L, H, routers }: ProofMesh, mode: Mode): Promise<Capture[]> {
  const inMesh = { filter: within(MESH, UNDERLAY), devices: /^eth0$/ };
  const passing = { filter: within(MESH, UNDERLAY), devices: /^(?!lo$|eth0$)/, inside: insideOf(mode) };
  return Promise.all([
    startCapture('uplink', lab.underlay, {
      filter: outside(MESH, Object.values(foreign).flat()),
      devices: /^port\d+$/,
    }),
    startCapture('L', L, inMesh),
    startCapture('H', H, inMesh),
    startCapture('B', routers.B, passing),
    startCapture('C', routers.C, passing),
  ]);
}

/** Contradictions to the promise in a phase of wgospf. */
function faultsOf(phase: Phase): string[] {
  if (phase.measured) return [];
  const crossed = crossings(phase);
  return [
    ...(crossed > 0 ? [`${phase.name}: ${crossed} packets crossed`] : []),
    ...phase.answered.map((name) => `${phase.name}: answered, ${name}`),
    ...(phase.never.sent < 20 ? [`${phase.name}: only ${phase.never.sent} probes`] : []),
  ];
}

/** Lines that only one of two dumps has, the second one's with a plus. */
function differences(before: string, after: string): string[] {
  const [was, is] = [before.split('\n'), after.split('\n')];
  return [
    ...was.filter((text) => !is.includes(text)).map((text) => `-${text}`),
    ...is.filter((text) => !was.includes(text)).map((text) => `+${text}`),
  ];
}

/**
 * What the kernel does by itself and never undoes: the rule that comes with the first VRF (vrf_newlink, drivers/net/vrf.c), and
 * redirects that WireGuard switches off as a device comes up (wg_open, drivers/net/wireguard/device.c).
 */
const KERNEL_KEEPS = [/^\+1000:.*\[l3mdev-table\] proto kernel$/, /^[+-]net\.ipv4\.conf\.all\.send_redirects = /];

/** From the first apply to `down`; returns how A then differs from its state before. */
async function lifeOfA(stage: Stage, { parts: wanted, changeTo = [] }: ScenarioOptions): Promise<string[]> {
  const { mesh, record, A, mode } = stage;
  const { phase } = record;
  // ip-netns(8) makes its folder once and leaves it
  await A.sh('mkdir -p /run/netns');
  const found = await A.dump();
  await A.writeState(mesh.state('A'));
  await phase('first apply', () => A.wgospf(['apply', '--adopt']));
  stage.watchLocal('A', mode);
  stage.watchInside('A', mode);
  await phase('agent starts', stage.start);
  await phase('adjacencies come up', () => stage.converged());
  if (wanted.includes('changes')) await changes(stage);
  if (wanted.includes('ruleset')) await ruleset(stage);
  if (wanted.includes('faults')) await faults(stage);
  if (wanted.includes('modes')) await modeChanges(stage, changeTo);
  if (wanted.includes('networkd')) await networkdPhases(stage);
  await phase('agent stopped', stage.stop);
  // when the router has left the mesh, nothing separates its own packets any more
  for (const place of ['A', insidePlace('A')] as const) await record.forget(place);
  await phase('down', () => A.wgospf(['down']));
  await A.sh('rm /etc/wgospf/state.yaml');
  const after = await A.dump();
  if (after === found) return [];
  const lines = differences(found, after);
  const left = lines.filter((line) => !KERNEL_KEEPS.some((kept) => kept.test(line)));
  return lines.length === 0 ? ['its order'] : left;
}

/** Needs root. Throws if the mesh does not come up; crossing packets are in the result. */
export async function scenario(options: ScenarioOptions): Promise<Proof> {
  const { mode, dwell = 1, rate = { sharp: 10, plain: 50 }, rpFilter = 1, tell = () => undefined } = options;
  const mesh = await makeProofMesh(mode, { A: rpFilter, B: 0, C: 1, D: 2 });
  try {
    for (const name of ['B', 'C'] as const) {
      await mesh.routers[name].writeState(mesh.state(name));
      await mesh.routers[name].wgospf(['apply', '--adopt']);
    }
    const captures = await makeCaptures(mesh, mode);
    const record = startRecord(captures, dwell, tell);
    const stage = makeStage(mesh, record, mode, rate);
    record.watch(startProber('L', mesh.L, hostProbes('A', 'D', rate)));
    record.watch(startProber('H', mesh.H, [...hostProbes('D', 'A', rate), ...foreignProbes(rate)]));
    stage.watchStrangers();
    record.watch(startProber('internet', mesh.lab.underlay, internetProbes(rate)));
    for (const [from, to] of [
      ['B', 'A'],
      ['C', 'D'],
    ] as const) {
      const device = tunnelName(to);
      const probes = tunnelProbes(device, rate);
      record.watch(startProber(`${from} by ${device}`, mesh.routers[from], probes, insideOf(mode)));
    }

    await bootD(stage, options.guard);
    const left = await lifeOfA(stage, options);
    const phases = [...record.phases];
    const contrast = options.parts.includes('contrast') ? await seedPhases(stage) : [];
    const dropped = await Promise.all(captures.map((capture) => capture.stop()));
    const faultsFound = [
      ...phases.flatMap(faultsOf),
      ...(dropped.some((n) => n !== 0) ? [`captures lost packets: ${dropped.join(', ')}`] : []),
      ...(left.length === 0 ? [] : [`down did not give back all: ${left.join('\n  ')}`]),
    ];
    return { phases, contrast, faults: faultsFound };
  } finally {
    await mesh.lab.close();
  }
}
