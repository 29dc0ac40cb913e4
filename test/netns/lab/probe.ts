// Whether a packet arrives, and what a capture on the way shows.
import { expect } from 'vitest';
import { eventually } from './eventually.ts';
import type { Namespace } from './namespace.ts';

/** Whether one of three pings is answered. */
export async function reaches(from: Namespace, to: string, options: readonly string[] = []): Promise<boolean> {
  const args = ['-n', '-c', '3', '-i', '0.2', '-W', '1', ...options, to];
  return (await from.exec('ping', args, { mayFail: true })).exitCode === 0;
}

/** What tcpdump(8) captured in a namespace meanwhile, a packet a line: `IP 10.69.1.50 > 203.0.113.1: ICMP echo request, ...` */
export async function capture(on: Namespace, filter: string, meanwhile: () => Promise<unknown>): Promise<string[]> {
  // the mark: a packet of this namespace itself; when it is captured, all packets before it were captured too
  const wire = on.start('tcpdump', ['-lnvtp', '-i', 'any', `(${filter}) or udp port 9999`]);
  await eventually(() => {
    expect(wire.output()).toContain('listening on');
  });
  await meanwhile();
  await on.sh('ip link set lo up; echo mark >/dev/udp/127.0.0.1/9999 || true');
  await eventually(() => {
    expect(wire.output()).toContain('127.0.0.1.9999');
  });
  return (await wire.stop()).split('\n').filter((line) => line.includes(' > ') && !line.includes('.9999'));
}
