// State files of one router between which a test changes back and forth, and the resulting router.
import type { Router } from './router.ts';
import { stateText, type TunnelText } from './state-text.ts';

export interface Variant {
  readonly name: string;
  readonly text: string;
}

/** Numbers from 0 to 1 that a seed repeats (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Tunnels that appear and disappear, and change cost, address, endpoint, port and name. Keys are made on the router. */
export async function makeVariants(router: Router): Promise<readonly Variant[]> {
  const names = ['wg222', 'wg333', 'wg444'];
  for (const name of names) await router.makeKey(`keys/${name}.key`);
  const keys = (await router.sh('for i in 1 2 3; do wg genkey | wg pubkey; done')).trim().split('\n');
  const tunnel = (n: number, more: Partial<TunnelText> = {}): TunnelText => ({
    ...{ address: `10.70.89.${2 * n}/31`, port: 51825 + n, key: keys[n] ?? '', endpoint: `198.51.100.99:${51825 + n}` },
    ...more,
  });
  const [a, b, c] = [tunnel(0), tunnel(1), tunnel(2)];
  const sets: Readonly<Record<string, Readonly<Record<string, TunnelText>>>> = {
    one: { wg222: a },
    three: { wg222: a, wg333: b, wg444: c },
    costs: { wg222: tunnel(0, { cost: 99 }), wg333: tunnel(1, { cost: 98 }) },
    endpoints: {
      wg222: tunnel(0, { endpoint: '198.51.100.98:4000' }),
      wg333: tunnel(1, { endpoint: '"[2001:db8::9]:1"' }),
    },
    'ports swapped': { wg222: tunnel(0, { port: 51826 }), wg333: tunnel(1, { port: 51825 }) },
    addresses: { wg222: tunnel(0, { address: '10.70.90.0/31' }), wg444: c },
    peers: { wg222: tunnel(0, { key: keys[1] ?? '' }), wg333: tunnel(1, { key: keys[0] ?? '' }) },
    none: {},
  };
  return Object.entries(sets).map(([name, tunnels]) => ({
    name,
    text: stateText({ node: 111, eth1: '10.69.1.11/24', tunnels }),
  }));
}

const changesByItself =
  / proto bird |inet6 fe80|fe80::|rtmon|wgospf\.mjs| \/(etc|run)( |$)| \/run\/(wgospf|wireguard|bird)( |$)|\.sock\b|\/run\/wgospf\/lock\b/;

/**
 * The whole configuration, as lines that compare equal for any order in which links were made: each with its section and its
 * link. Left out: numbers of links, the random part of link-local addresses, the daemon's own files and processes, and
 * BIRD's routes.
 */
export async function configuration(router: Router): Promise<string> {
  let section = '';
  let about = '';
  const lines = (await router.dump()).split('\n').flatMap((text) => {
    const line = text.replace(/^\d+: /, '');
    if (line.startsWith('== ')) [section, about] = [line, ''];
    else if (/^(interface: |\S+: <)/.test(line)) about = /^(?:interface: )?([^:@ ]+)/.exec(line)?.[1] ?? '';
    return line.trim() === '' || changesByItself.test(line) ? [] : [`${section} ${about} ${line.trim()}`];
  });
  return lines.sort().join('\n');
}
