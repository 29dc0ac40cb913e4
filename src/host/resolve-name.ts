// Resolves names to addresses with the system's own resolver (nsswitch.conf, /etc/hosts), within a deadline.
import { lookup } from 'node:dns/promises';
import { canonicalAddress } from '../net/ip.ts';

const DEADLINE_MS = 2_000;

/**
 * Canonical addresses in the order of getaddrinfo(3): best first by RFC 6724 and gai.conf(5), which considers for both families
 * what this host can reach. Empty if there is no answer within two seconds. Never an error: while a router boots, names often do
 * not resolve yet.
 */
export async function resolveName(name: string, deadline: number = DEADLINE_MS): Promise<string[]> {
  const literal = canonicalAddress(name);
  if (literal !== undefined) return [literal];
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<{ address: string }[]>((resolve) => {
    timer = setTimeout(() => resolve([]), deadline);
  });
  try {
    const found = await Promise.race([lookup(name, { all: true, order: 'verbatim' }).catch(() => []), late]);
    // canonicalAddress refuses an address with a zone, which is useless as an endpoint on another link
    const addresses = found.map((a) => canonicalAddress(a.address)).filter((a) => a !== undefined);
    return [...new Set(addresses)];
  } finally {
    clearTimeout(timer);
  }
}
