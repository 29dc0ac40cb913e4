// AllowedIPs filter both directions of a tunnel (cryptokey routing): what they leave out, the tunnel drops.
import { contains, containsPrefix, formatPrefix } from '../../net/ip.ts';
import type { Prefix } from '../../net/ip.ts';
import type { Draft } from '../draft.ts';
import type { Problem } from '../problem.ts';
import { indexed, linksOf, meshPrefixes, ospfOf } from './links.ts';
import type { DraftLink, DraftTunnel } from './links.ts';

/** AllSPFRouters and AllDRouters (RFC 2328, A.1): hellos and floods of a ptp link go there, never to the peer's address. */
const OSPF_GROUPS = ['224.0.0.5', '224.0.0.6'];

function dropped(link: DraftLink, allowed: readonly Prefix[]): Problem[] {
  const path = [...link.path, 'peer', 'allowedIPs'];
  const ospf = ospfOf(link);
  const holds = (address: string): boolean => allowed.some((p) => contains(p, address));
  const groups = ospf?.type === 'ptp' && !ospf.stub ? OSPF_GROUPS.filter((group) => !holds(group)) : [];
  const list = [...allowed.map(formatPrefix), ...groups.map((g) => `${g}/32`)];
  if (link.far !== undefined && !holds(link.far)) {
    const whole = `allowedIPs: [${[`${link.far}/32`, ...list].join(', ')}], or leave it out for 0.0.0.0/0`;
    return [
      {
        code: 'allowed-ips-peer',
        path,
        message: `without ${link.far}, the far end's own address, WireGuard drops every packet between the two routers`,
        hint: whole,
      },
    ];
  }
  if (groups.length === 0) return [];
  return [
    {
      code: 'allowed-ips-ospf',
      path,
      message: `without ${groups.join(' and ')} WireGuard drops every OSPF packet of type ptp, and the neighbour is never found`,
      hint: `allowedIPs: [${list.join(', ')}], or leave it out for 0.0.0.0/0`,
    },
  ];
}

function narrow(link: DraftLink, allowed: readonly Prefix[], mesh: readonly Prefix[]): Problem[] {
  const left = mesh.filter((p) => p.family === 4 && !allowed.some((a) => containsPrefix(a, p)));
  if (left.length === 0) return [];
  return [
    {
      code: 'allowed-ips-narrow',
      severity: 'warning',
      path: [...link.path, 'peer', 'allowedIPs'],
      message: `OSPF may send traffic for ${left.map(formatPrefix).join(', ')} this way, but WireGuard would drop it`,
      hint: 'allowedIPs: [0.0.0.0/0], the default',
    },
  ];
}

function ofTunnel(link: DraftLink, mesh: readonly Prefix[] | undefined): Problem[] {
  const said = (link.said as DraftTunnel).peer?.allowedIPs;
  if (said === undefined) return [];
  const list = indexed(said);
  // with a prefix that could not be read, nothing can be said to be left out
  if (list.length < said.length) return [];
  const path = [...link.path, 'peer', 'allowedIPs'];
  if (list.length === 0) {
    return [
      {
        code: 'allowed-ips-empty',
        path,
        message: 'nothing at all may pass the tunnel',
        hint: 'allowedIPs: [0.0.0.0/0], the default',
      },
    ];
  }
  const seen = new Set<string>();
  const twice = list.flatMap(({ index, prefix }): Problem[] => {
    const text = formatPrefix(prefix);
    const again = seen.has(text);
    seen.add(text);
    return !again
      ? []
      : [
          {
            code: 'prefix-twice',
            path: [...path, index],
            message: `${text} is there twice`,
            hint: 'each network once',
          },
        ];
  });
  const allowed = list.map((p) => p.prefix);
  const errors = [...twice, ...dropped(link, allowed)];
  const silent = errors.length > 0 || ospfOf(link) === undefined || mesh === undefined;
  return silent ? errors : narrow(link, allowed, mesh);
}

export function allowedIPsChecks(draft: Draft): Problem[] {
  const mesh = meshPrefixes(draft);
  return linksOf(draft)
    .filter((link) => link.tunnel)
    .flatMap((link) => ofTunnel(link, mesh));
}
