// Probes: senders of echo requests, their targets, and the results since some moment.
import { fileURLToPath } from 'node:url';
import type { Namespace } from '../netns/lab/namespace.ts';
import type { Running } from '../netns/lab/running.ts';

export interface Probe {
  readonly name: string;
  readonly to: string;
  /** source address; absent: the kernel's choice. Sent as soon as the host has it */
  readonly from?: string;
  /** the source is another's */
  readonly spoofed?: boolean;
  /** milliseconds between two, 10 for every packet that a short gap might let through */
  readonly every: number;
  readonly ttl?: number;
  /** sends directly into this device, past all routes, with the source `from` */
  readonly device?: string;
  /** bytes behind the header of ICMP */
  readonly size?: number;
  /** within the mesh, to an existing host: answered while the mesh works; no other probe ever is */
  readonly known?: boolean;
}

export interface Counts {
  readonly sent: number;
  readonly answered: number;
  readonly refused: number;
}

export interface Prober {
  readonly place: string;
  readonly probes: readonly Probe[];
  /** since the start, one for each probe */
  readonly counts: () => readonly Counts[];
  readonly stop: () => Promise<void>;
}

const program = fileURLToPath(new URL('prober.pl', import.meta.url));

const argument = ({ to, from, spoofed, every, ttl = 0, size = 24, device = '-' }: Probe): string =>
  [to, from === undefined ? '-' : `${spoofed ? '!' : ''}${from}`, every, ttl, size, device].join(',');

const none: Counts = { sent: 0, answered: 0, refused: 0 };

function parse(line: string): Counts[] {
  return line.split(' ').map((text) => {
    const [sent = 0, answered = 0, refused = 0] = text.split('/').map(Number);
    return { sent, answered, refused };
  });
}

/** @param inside the words before the command, for a namespace within the namespace */
export function startProber(
  place: string,
  at: Namespace,
  probes: readonly Probe[],
  inside: readonly string[] = [],
): Prober {
  const [command = 'perl', ...rest] = [...inside, 'perl', program, ...probes.map(argument)];
  const running: Running = at.start(command, rest);
  return {
    place,
    probes,
    counts: () => {
      const text = running.output();
      const end = text.lastIndexOf('\n');
      const last = text.slice(text.lastIndexOf('\n', end - 1) + 1, Math.max(end, 0));
      if (!/^[\d/ ]*$/.test(last)) throw new Error(`${place}: the prober ended:\n${text.slice(-1000)}`);
      const counted = last === '' ? [] : parse(last);
      return probes.map((_, i) => counted[i] ?? none);
    },
    stop: async () => {
      await running.stop('SIGKILL');
    },
  };
}

export const minus = (a: Counts, b: Counts): Counts => ({
  sent: a.sent - b.sent,
  answered: a.answered - b.answered,
  refused: a.refused - b.refused,
});

export const plus = (a: Counts, b: Counts): Counts => ({
  sent: a.sent + b.sent,
  answered: a.answered + b.answered,
  refused: a.refused + b.refused,
});

export const zero: Counts = none;
