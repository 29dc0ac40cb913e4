// The rivals: a router between a tunnel and a local network, with N tunnels, of which the packets use the last one. The commands for
// wgospf's modes come from its own plan; links that carry no packets need not exist for their rules.
import { makePlan } from '../../../src/engine/plan.ts';
import type { Operation } from '../../../src/engine/types.ts';
import { resources } from '../../../src/resources/index.ts';
import { createFakeHost } from '../../fakes/fake-host.ts';
import { readState } from '../../fakes/read-state.ts';
import { hubState, hubTunnels, type HubTunnel } from '../hub.ts';

export const modes = [
  'bare',
  'seed',
  'table, iif',
  'table, iif, no nftables',
  'table, iif, nftables',
  'table, mark',
  'vrf',
  'netns',
] as const;
export type Mode = (typeof modes)[number];

export interface Rival {
  readonly mode: Mode;
  /** 0 for `bare`, which has no tunnels */
  readonly tunnels: number;
  /** shell lines, typed in the router's network namespace: addresses, routes, rules, sysctls */
  readonly script: string;
  /** the network namespace of the mesh; undefined: the router's own */
  readonly inside: string | undefined;
  /** the last tunnel, through which the mesh's packets come in */
  readonly ingress: string;
  /** `10.70.7.206`, the router's end of it; the far end is one above */
  readonly address: string;
}

/** the words that each mode adds to `mesh:` of the state file */
const stateOf: Readonly<Record<Exclude<Mode, 'bare' | 'seed'>, string>> = {
  'table, iif': '',
  'table, iif, no nftables': '  firewall: none\n',
  'table, iif, nftables': '  firewall: nftables\n',
  'table, mark': '  match: mark\n',
  vrf: '  isolation: vrf\n',
  netns: '  isolation: netns\n',
};

/** Names of equal length: in any order of sorting, the last one is the last. */
const tunnelsOf = (count: number): HubTunnel[] =>
  hubTunnels(count).map((tunnel, i) => ({ ...tunnel, name: `wg${String(i + 1).padStart(5, '0')}` }));

/** `10.70.7.206/31` without its length */
const bare = (prefix: string): string => prefix.split('/')[0] ?? '';

const forwarding = 'sysctl -qw net.ipv4.ip_forward=1';
const upBoth = (ingress: string): string[] => [`ip link set dev ${ingress} up`, 'ip link set dev eth1 up'];

function bareScript({ name, address }: HubTunnel): string[] {
  return [
    `ip address add ${address} dev ${name}`,
    'ip address add 10.69.1.11/24 dev eth1',
    ...upBoth(name),
    forwarding,
  ];
}

/** The hand-made stanzas: for each interface a rule by its name and one by its own address. */
function seedScript(tunnels: readonly HubTunnel[], last: HubTunnel): string[] {
  const pair = (name: string, address: string, priority: number): string[] => [
    `ip rule add from all iif ${name} lookup 2 pref ${priority}`,
    `ip rule add from ${bare(address)} lookup 2 pref ${priority}`,
  ];
  return [
    ...bareScript(last),
    'ip route add 10.69.1.0/24 dev eth1 table 2',
    `ip route add ${last.network} dev ${last.name} table 2`,
    ...pair('eth1', '10.69.1.11', 1021),
    ...tunnels.flatMap(({ name, address }) => pair(name, address, 1031)),
  ];
}

interface Given {
  readonly ingress: string;
  /** links that do not exist */
  readonly missing: ReadonlySet<string>;
}

/** What a person would type of it; undefined for what the measurement does not need: WireGuard, BIRD, files, IPv6's rules. */
function typed({ kind, command, payload }: Operation, { ingress, missing }: Given): string | undefined {
  if (kind.endsWith('nftables')) return `nft -f /dev/stdin <<'END'\n${(payload as { script: string }).script}\nEND`;
  if (!/^(ip netns exec \S+ )?(ip|sysctl) (?!-6|netns exec)/.test(command)) return undefined;
  // in `sysctl -w net.ipv4.conf.wg1.rp_filter=2` also the name of the link
  const words = command.split(/[\s./=]+/);
  if (command.startsWith('ip link add') && words.includes(ingress)) return undefined;
  if (!kind.endsWith('rule') && words.some((word) => missing.has(word))) return undefined;
  return kind.endsWith('sysctl') ? `${command} >/dev/null` : command;
}

async function ownScript(mode: keyof typeof stateOf, tunnels: readonly HubTunnel[], name: string): Promise<string[]> {
  const host = createFakeHost();
  host.run('ip link add eth1 type veth');
  const text = hubState(tunnels)
    .replace('name: nycmesh', `name: ${name}`)
    .replace('mesh:\n', `mesh:\n${stateOf[mode]}`);
  const { operations } = await makePlan(host, resources, readState(text, host.env), { adopt: false });
  const ingress = tunnels.at(-1)?.name ?? '';
  const missing = new Set(tunnels.slice(0, -1).map((tunnel) => tunnel.name));
  return operations.flatMap((operation) => typed(operation, { ingress, missing }) ?? []);
}

async function linesOf(mode: Mode, tunnels: readonly HubTunnel[], name: string): Promise<string[]> {
  const [last] = tunnels.slice(-1);
  if (last === undefined) throw new Error('forward: no tunnel');
  if (mode === 'bare') return bareScript(last);
  return mode === 'seed' ? seedScript(tunnels, last) : ownScript(mode, tunnels, name);
}

/** @param name of the mesh's table, and so of its VRF device or namespace */
export async function makeRival(mode: Mode, count: number, name: string): Promise<Rival> {
  const tunnels = tunnelsOf(Math.max(count, 1));
  const { name: ingress = '', address = '' } = tunnels.at(-1) ?? {};
  return {
    ...{ mode, tunnels: count, ingress, address: bare(address) },
    script: batched(await linesOf(mode, tunnels, name)).join('\n'),
    inside: mode === 'netns' ? name : undefined,
  };
}

/** Thousands of rules are one `ip -batch`; the order is kept. */
function batched(lines: readonly string[]): string[] {
  const made: string[] = [];
  let rules: string[] = [];
  const flush = (): void => {
    if (rules.length > 0) made.push(`ip -batch /dev/stdin <<'END'\n${rules.join('\n')}\nEND`);
    rules = [];
  };
  for (const line of lines) {
    if (line.startsWith('ip rule ')) {
      rules.push(line.slice('ip '.length));
      continue;
    }
    flush();
    made.push(line);
  }
  flush();
  return made;
}
