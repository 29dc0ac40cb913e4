// Captures of packets that must not exist: outside, none with an address of the mesh; in the mesh, none without one.
import { eventually } from '../netns/lab/eventually.ts';
import type { Namespace } from '../netns/lab/namespace.ts';

export interface Capture {
  readonly place: string;
  /** one line of tcpdump for each crossing packet since the start, complete up to this moment */
  readonly crossed: () => Promise<readonly string[]>;
  /** how many packets the kernel could not give to tcpdump: 0, or the capture is no proof */
  readonly stop: () => Promise<number>;
}

const FENCE = 'udp dst port 9999';
const isFence = (line: string): boolean => line.includes('127.0.0.1.9999:');

const either = (side: 'src' | 'dst', networks: readonly string[]): string =>
  `(${networks.map((network) => `${side} net ${network}`).join(' or ')})`;

/**
 * Headers of the packet itself: an ICMP error about a mesh packet has its header inside, and that is no crossing.
 * `strangers`: sources that only somebody in the mesh uses.
 */
export const outside = (mesh: readonly string[], foreign: readonly string[]): string =>
  `(ip or ip6) and (${either('src', [...mesh, ...foreign])} or ${either('dst', mesh)})`;

/**
 * A router's own ICMP error by its address on the underlay: it refuses, and the kernel takes the address of the interface
 * that the refused packet came in by. It carries the head of a packet that was not let through.
 */
export const isOwnError = (line: string): boolean =>
  /IP6? (?:198\.51\.100|2001:db8:)[.:]\d > \S+ ICMP6?, .*(?:unreachable|exceeded|too big|need to frag)/.test(line);

/** Both addresses are the mesh's, or the packet stays on its link; the underlay's own is what carries the tunnels. */
export const within = (mesh: readonly string[], underlay: readonly string[]): string =>
  [
    '(ip or ip6)',
    `not (${either('src', mesh)} and ${either('dst', mesh)})`,
    `not (${either('src', underlay)} and ${either('dst', underlay)})`,
    'not (dst net 224.0.0.0/4 or dst net ff00::/8 or src net fe80::/10 or dst net fe80::/10)',
  ].join(' and ');

export interface CaptureOptions {
  readonly filter: string;
  /** interfaces whose packets count */
  readonly devices: RegExp;
  /** the words before the command, for a namespace within the namespace */
  readonly inside?: readonly string[];
}

/** Captures packets that come in through any interface, also one that appears later. */
export async function startCapture(place: string, at: Namespace, options: CaptureOptions): Promise<Capture> {
  const { filter, devices, inside = [] } = options;
  const tcpdump = [
    'tcpdump',
    '-i',
    'any',
    '-Q',
    'in',
    '-n',
    '-l',
    '-tt',
    '--immediate-mode',
    '-s',
    '160',
    '-B',
    '8192',
  ];
  const [command, ...rest] = [...inside, ...tcpdump, `(${filter}) or (${FENCE})`];
  const running = at.start(command, rest);
  await eventually(() => {
    if (!running.output().includes('listening on')) throw new Error(`${place}: ${running.output()}`);
  });
  const lines: string[] = [];
  let read = 0;
  const readOn = (): void => {
    const text = running.output();
    const end = text.lastIndexOf('\n') + 1;
    if (end > read) lines.push(...text.slice(read, end).trimEnd().split('\n'));
    read = end;
  };
  const fence = async (): Promise<void> => {
    readOn();
    const from = lines.length;
    await eventually(
      async () => {
        // to itself: one socket sees all interfaces, so earlier packets are in the output before it
        const [enter, ...bash] = [...inside, 'bash', '-c', 'echo >/dev/udp/127.0.0.1/9999'];
        await at.exec(enter, bash);
        readOn();
        if (!lines.slice(from).some(isFence))
          throw new Error(`${place}: the capture does not see the end of the phase`);
      },
      { every: 20 },
    );
  };
  return {
    place,
    crossed: async () => {
      await fence();
      return lines.filter((line) => {
        // In, B(roadcast), M(ulticast), and P(romiscuous): to the MAC address of another port of the bridge
        const dev = /^[\d.]+ (\S+)\s+(?:In|B|M|P)\s/.exec(line)?.[1];
        return dev !== undefined && devices.test(dev) && !isFence(line);
      });
    },
    stop: async () => {
      const printed = await running.stop('SIGINT');
      return Number(/(\d+) packets dropped by kernel/.exec(printed)?.[1] ?? Number.NaN);
    },
  };
}
