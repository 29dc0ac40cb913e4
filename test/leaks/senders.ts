// Who sends what in the mesh of the proof. All packets except those within the mesh, or on the uplink alone, must fail.
import { addressesOf, FORWARDED, nodes, foreign, type RouterName } from './states.ts';
import { second } from './mesh.ts';
import type { Probe } from './probes.ts';

const INTERNET = '203.0.113.1';
const INTERNET6 = '2001:db8:ffff::1';
const NEIGHBOUR = '198.51.100.254';
const UNKNOWN = '10.69.77.1';
const UNKNOWN6 = 'fd42:69:777::1';
/** an address that nobody has, in the networks of a router */
const foreignHost = (node: number): string => addressesOf(node).host.replace(/50$/, '60');
const foreignHost6 = (node: number): string => addressesOf(node).host6.replace(/50$/, '60');

/** Milliseconds between two packets: of those that a gap would let out, and of all others. */
export interface Rate {
  readonly sharp: number;
  readonly plain: number;
}

const isSix = (address: string): boolean => address.includes(':');

/** A host to the underlay with every source outside the mesh: the kernel itself sends none of these. */
export const foreignProbes = ({ plain }: Rate): Probe[] =>
  FORWARDED.flatMap((from) =>
    (isSix(from) ? [INTERNET6] : [INTERNET, NEIGHBOUR]).map((to) => ({
      ...{ name: `as ${from} to ${to}`, to, from, spoofed: true, every: 2 * plain },
    })),
  );

/**
 * All packets that may come out of a tunnel: with the mesh's own source and each of the others, sent into the far end's device. The
 * mesh may carry them to existing mesh hosts, so these are not targets.
 */
export function tunnelProbes(device: string, { plain }: Rate): Probe[] {
  const inMesh = [foreignHost(nodes.D), foreignHost6(nodes.D)];
  return [...inMesh, ...Object.values(foreign).flat()].flatMap((from) =>
    (isSix(from) ? [INTERNET6, UNKNOWN6] : [INTERNET, NEIGHBOUR, UNKNOWN]).map((to) => ({
      ...{ name: `as ${from} to ${to}`, to, from, device, every: 4 * plain },
    })),
  );
}

/** A host behind `at`, with another behind `far`. */
export function hostProbes(at: RouterName, far: RouterName, { sharp, plain }: Rate): Probe[] {
  const [own, other] = [addressesOf(nodes[at]), addressesOf(nodes[far])];
  return [
    { name: 'mesh', to: other.host, every: plain, known: true },
    { name: 'mesh, IPv6', to: other.host6, every: plain, known: true },
    { name: 'internet', to: INTERNET, every: sharp },
    { name: 'internet, IPv6', to: INTERNET6, every: sharp },
    { name: 'unknown', to: UNKNOWN, every: sharp },
    { name: 'unknown, IPv6', to: UNKNOWN6, every: sharp },
    { name: 'underlay', to: NEIGHBOUR, every: plain },
    { name: 'by another address to the internet', to: INTERNET, from: second(nodes[at]), every: plain },
    // ICMP errors of the routers between: a packet that lives one hop, two hops, or is too long for a tunnel
    ...[1, 2].flatMap((ttl) => [
      { name: `ttl ${ttl}`, to: other.host, every: plain, ttl },
      { name: `ttl ${ttl}, IPv6`, to: other.host6, every: plain, ttl },
    ]),
    { name: 'too long', to: other.host, every: plain, size: 1460 },
    { name: 'too long, IPv6', to: other.host6, from: own.host6, every: plain, size: 1440 },
  ];
}

/** The router itself, with its mesh addresses and with no chosen source. */
export function localProbes(at: RouterName, far: RouterName, { sharp, plain }: Rate): Probe[] {
  const [own, other] = [addressesOf(nodes[at]), addressesOf(nodes[far])];
  return [
    { name: 'mesh', to: other.host, every: plain, known: true },
    { name: 'mesh, IPv6', to: other.host6, every: plain, known: true },
    { name: 'unknown', to: UNKNOWN, every: sharp },
    { name: 'unknown, IPv6', to: UNKNOWN6, every: sharp },
    { name: 'by its mesh address to the internet', to: INTERNET, from: own.router, every: sharp },
    { name: 'the same, IPv6', to: INTERNET6, from: own.router6, every: sharp },
    { name: 'by its mesh address, unknown', to: UNKNOWN, from: own.router, every: plain },
    { name: 'the same, IPv6', to: UNKNOWN6, from: own.router6, every: plain },
  ];
}

/** A host on the uplink, with its own address and with a mesh host's. */
export function internetProbes({ sharp, plain }: Rate): Probe[] {
  const [a, d] = [addressesOf(nodes.A), addressesOf(nodes.D)];
  const spoofed = { from: foreignHost(nodes.D), spoofed: true };
  const spoofed6 = { from: foreignHost6(nodes.D), spoofed: true };
  return [
    { name: 'host behind A', to: a.host, from: INTERNET, every: sharp },
    { name: 'host behind A, IPv6', to: a.host6, from: INTERNET6, every: sharp },
    { name: 'host behind D, by D', to: d.host, from: INTERNET, every: sharp },
    { name: 'host behind D, by D, IPv6', to: d.host6, from: INTERNET6, every: sharp },
    { name: 'host behind D, by A', to: second(nodes.D), from: INTERNET, every: sharp },
    { name: 'far end of a tunnel', to: '10.70.0.1', from: INTERNET, every: plain },
    { name: 'far end of a tunnel, IPv6', to: 'fd42:70::1', from: INTERNET6, every: plain },
    { name: "A's mesh address", to: a.router, from: INTERNET, every: plain },
    { name: "A's mesh address, IPv6", to: a.router6, from: INTERNET6, every: plain },
    { name: 'unknown', to: UNKNOWN, from: INTERNET, every: plain },
    { name: 'spoofed, host behind A', to: a.host, every: sharp, ...spoofed },
    { name: 'spoofed, host behind A, IPv6', to: a.host6, every: sharp, ...spoofed6 },
    { name: 'spoofed, host behind D, by A', to: second(nodes.D), every: plain, ...spoofed },
    { name: 'spoofed, unknown', to: UNKNOWN, every: plain, ...spoofed },
    ...FORWARDED.map((from) => ({
      ...{
        name: `as ${from} to the host behind A`,
        to: isSix(from) ? a.host6 : a.host,
        from,
        spoofed: true,
        every: plain,
      },
    })),
  ];
}
