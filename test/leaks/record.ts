// The record of the proof: the packets sent in each phase, their answers, and which packets crossed.
import { isOwnError, type Capture } from './captures.ts';
import { minus, plus, zero, type Counts, type Prober } from './probes.ts';

export interface Phase {
  readonly name: string;
  readonly seconds: number;
  /** within the mesh, to existing hosts */
  readonly mesh: Counts;
  /** to places where none of the sender's packets may go: none may be answered */
  readonly never: Counts;
  /** probes of the second sort that were answered: `L: internet` */
  readonly answered: readonly string[];
  /** by place: the packets as tcpdump printed them */
  readonly crossed: ReadonlyMap<string, readonly string[]>;
  /** ICMP errors of a router by its address on the underlay, seen in the mesh */
  readonly ownErrors: number;
  /** crossing packets are reported and not judged, and why: in the words of the measurement */
  readonly measured?: string;
}

export interface Record {
  readonly phases: Phase[];
  /** counts from now on */
  readonly watch: (prober: Prober) => void;
  /** a router that is no longer watched can neither prove nor disprove anything */
  readonly forget: (place: string) => Promise<void>;
  readonly phase: (name: string, action: () => Promise<unknown>) => Promise<Phase>;
  /** a phase that is not judged; the action gives a remark */
  readonly measure: (name: string, action: () => Promise<string>) => Promise<Phase>;
  readonly probers: () => readonly Prober[];
}

export const crossings = ({ crossed }: Phase): number =>
  [...crossed.values()].reduce((sum, lines) => sum + lines.length, 0);

export const pause = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** `dwell`: seconds that each phase continues after its action. `tell` is called at the end of each phase. */
export function startRecord(captures: readonly Capture[], dwell: number, tell: (phase: Phase) => void): Record {
  const phases: Phase[] = [];
  const probers: Prober[] = [];
  const before = new Map<Prober, readonly Counts[]>();
  const seen = new Map<string, number>();

  const counted = (): Pick<Phase, 'mesh' | 'never' | 'answered'> => {
    let [mesh, never] = [zero, zero];
    const answered: string[] = [];
    for (const prober of probers) {
      const now = prober.counts();
      prober.probes.forEach(({ name, known }, i) => {
        const since = minus(now[i] ?? zero, before.get(prober)?.[i] ?? zero);
        if (known) mesh = plus(mesh, since);
        else never = plus(never, since);
        if (!known && since.answered > 0) answered.push(`${prober.place}: ${name}`);
      });
      before.set(prober, now);
    }
    return { mesh, never, answered };
  };

  const newly = async ({ place, crossed }: Capture): Promise<[string, string[]]> => {
    const lines = await crossed();
    const from = seen.get(place) ?? 0;
    seen.set(place, lines.length);
    return [place, lines.slice(from)];
  };

  const end = async (name: string, begin: number, measured?: string): Promise<Phase> => {
    await pause(dwell);
    const seenNow = await Promise.all(captures.map(newly));
    const crossed = new Map(seenNow.map(([place, lines]) => [place, lines.filter((line) => !isOwnError(line))]));
    const ownErrors = seenNow.reduce((sum, [, lines]) => sum + lines.filter(isOwnError).length, 0);
    const phase: Phase = {
      ...{ name, seconds: (Date.now() - begin) / 1000, ...counted(), crossed, ownErrors },
      ...(measured === undefined ? {} : { measured }),
    };
    phases.push(phase);
    tell(phase);
    return phase;
  };

  return {
    phases,
    probers: () => probers,
    watch: (prober) => void probers.push(prober),
    forget: async (place) => {
      for (const prober of probers.filter((one) => one.place === place)) {
        await prober.stop();
        probers.splice(probers.indexOf(prober), 1);
      }
    },
    phase: async (name, action) => {
      const begin = Date.now();
      await action();
      return end(name, begin);
    },
    measure: async (name, action) => {
      const begin = Date.now();
      return end(name, begin, await action());
    },
  };
}
