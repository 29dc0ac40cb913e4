// The packets on the wire of the uplink since the last boot, as a capture in the namespace `internet` saw them.
import type { Router } from './router.ts';

/** The packets of the probes of test/vm/guest/probe, as a capture prints them. */
export const probes = {
  'from a host of the LAN to the mesh': 'udp port 9001',
  'from the router to the mesh': 'udp port 9002',
  'from the router by its mesh address to the internet': 'icmp and host 192.0.2.98',
  'from beyond the tunnel to the internet': 'udp port 9004',
} as const;

/** Any packet with a mesh address in it, except inside WireGuard's packets. */
export const mesh = 'net 10.69.0.0/16 or net 10.70.0.0/16';

/** Packets of the uplink that match a filter of tcpdump, one line each. */
export async function seen(router: Router, filter: string): Promise<string[]> {
  const text = await router.sh(`tcpdump -n -t -r /run/keep/uplink.pcap '${filter}' 2>/run/tcpdump-read.log`);
  return text.split('\n').filter((line) => line !== '');
}
