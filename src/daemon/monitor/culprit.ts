// Finds the program that may undo our objects: checks whether Debian's network managers run, and when they last wrote their state.
import { isUnitRunning } from '../../host/systemd-unit.ts';
import type { Host } from '../../host/types.ts';

interface Suspect {
  readonly name: string;
  /** the systemd unit, whose control group lists its processes; '' for a program that does not stay */
  readonly unit: string;
  /** files that it writes when it changes an interface; a folder's time changes with each file renamed into it */
  readonly traces: readonly string[];
}

const suspects: readonly Suspect[] = [
  {
    name: 'systemd-networkd',
    unit: 'systemd-networkd',
    traces: ['/run/systemd/netif/state', '/run/systemd/netif/links'],
  },
  { name: 'NetworkManager', unit: 'NetworkManager', traces: ['/run/NetworkManager/devices'] },
  { name: 'ifupdown', unit: '', traces: ['/run/network/ifstate', '/run/network'] },
  { name: 'dhcpcd', unit: 'dhcpcd', traces: ['/run/dhcpcd'] },
  { name: 'connman', unit: 'connman', traces: ['/var/lib/connman'] },
  { name: 'FRR', unit: 'frr', traces: [] },
];

export interface Trace {
  readonly name: string;
  readonly running: boolean;
  /** milliseconds since the epoch; undefined if there is no trace */
  readonly changedAt: number | undefined;
}

/** A trace at most this far from the undoing counts as the same second. */
const SAME_SECOND_MS = 1_500;

/** The most likely program, with the reason: `systemd-networkd (its state changed in the same second)`. Pure. */
export function rankCulprits(traces: readonly Trace[], at: number): string | undefined {
  const distance = ({ changedAt }: Trace): number => (changedAt === undefined ? Infinity : Math.abs(changedAt - at));
  const nearest = [...traces].sort((a, b) => distance(a) - distance(b) || 0)[0];
  if (nearest !== undefined && distance(nearest) <= SAME_SECOND_MS) {
    return `${nearest.name} (its state changed in the same second)`;
  }
  const running = traces.find((trace) => trace.running);
  return running === undefined ? undefined : `${running.name} (it is running)`;
}

async function lookAt(host: Host, { name, unit, traces }: Suspect): Promise<Trace> {
  const [running, ...stats] = await Promise.all([
    unit !== '' && isUnitRunning(host.files, unit),
    ...traces.map((path) => host.files.stat(path)),
  ]);
  const times = stats.flatMap((stat) => (stat === undefined ? [] : [stat.mtime]));
  return { name, running, changedAt: times.length === 0 ? undefined : Math.max(...times) };
}

/** @param at when the object was undone, milliseconds since the epoch */
export async function findCulprit(host: Host, at: number): Promise<string | undefined> {
  const looks = await Promise.allSettled(suspects.map((suspect) => lookAt(host, suspect)));
  return rankCulprits(
    looks.flatMap((look) => (look.status === 'fulfilled' ? [look.value] : [])),
    at,
  );
}
