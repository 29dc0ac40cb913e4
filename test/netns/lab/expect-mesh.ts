// Waits and questions that several end-to-end tests share.
import { expect } from 'vitest';
import { eventually } from './eventually.ts';
import type { Namespace } from './namespace.ts';
import type { OspfNeighbor } from './ospf-neighbors.ts';
import type { Router } from './router.ts';

/** Waits until exactly these neighbours exist and are Full: interface -> router id. */
export async function expectFull(router: Router, neighbors: Readonly<Record<string, string>>): Promise<void> {
  const asWanted = ({ dev, routerId, state }: OspfNeighbor): string => `${dev} ${routerId} ${state}`;
  const wanted = Object.entries(neighbors).map(([dev, routerId]) => `${dev} ${routerId} Full/PtP`);
  await eventually(async () => {
    expect((await router.ospfNeighbors()).map(asWanted).sort(), router.name).toEqual(wanted.sort());
  });
}

/** Waits until the mesh's table, 2, has a route to the network, and returns its line. */
export const expectMeshRoute = (router: Router, network: string): Promise<string> =>
  eventually(async () => {
    const { stdout } = await router.exec('ip', ['route', 'show', 'table', '2', network]);
    expect(stdout, `${router.name}: route to ${network}`).not.toBe('');
    return stdout.trim();
  });

/** Fails if one of three packets is lost. */
export async function expectPing(from: Namespace, to: string): Promise<void> {
  const { stdout } = await from.exec('ping', ['-n', '-c', '3', '-i', '0.2', to], { mayFail: true });
  expect(stdout).toContain(' 0% packet loss');
}

/** `latest handshake` of each interface's peer, seconds since the epoch. */
export async function handshakes(router: Router): Promise<Record<string, string>> {
  const { stdout } = await router.exec('wg', ['show', 'all', 'latest-handshakes']);
  const rows = stdout.trim().split('\n');
  return Object.fromEntries(rows.map((row) => [row.split('\t')[0] ?? '', row.split('\t')[2] ?? '']));
}

const answered = (output: string): Set<number> =>
  new Set(Array.from(output.matchAll(/icmp_seq=(\d+) ttl/g), ([, seq]) => Number(seq)));

/** The highest sequence number that ping(8) got an answer for. */
export const lastPing = (output: string): number => Math.max(0, ...answered(output));

/** The numbers before the last one that got no answer. */
export function lostPings(output: string): number[] {
  const seen = answered(output);
  return Array.from({ length: lastPing(output) }, (_, i) => i + 1).filter((seq) => !seen.has(seq));
}
