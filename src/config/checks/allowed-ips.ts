// AllowedIPs filter both directions of a tunnel (cryptokey routing): what they leave out, the tunnel drops.
import { contains, containsPrefix, formatPrefix, hostPrefix } from '../../net/ip.ts';
import type { Family, Prefix } from '../../net/ip.ts';
import { prefix } from '../../model/prefixes.ts';
import type { Draft } from '../draft.ts';
import type { Problem } from '../problem.ts';
import { farOf, indexed, linksOf, meshPrefixes, ospfOf, speaksOspf6 } from './links.ts';
import type { DraftLink, DraftTunnel } from './links.ts';

/** AllSPFRouters and AllDRouters (RFC 2328, A.1): hellos and floods of a ptp link go there, never to the peer's address. */
const OSPF_GROUPS = ['224.0.0.5/32', '224.0.0.6/32'];
/** The same of OSPFv3 (RFC 5340, A.1), and the link-local addresses that all its other packets have (2.5). */
const OSPF6 = ['ff02::5/128', 'ff02::6/128', 'fe80::/10'];

const OPEN = '0.0.0.0/0 and ::/0';

/** What OSPF itself needs to pass. */
function ospfNeeds(draft: Draft, link: DraftLink): string[] {
  const ospf = ospfOf(link);
  if (ospf === undefined || ospf.stub) return [];
  return [...(ospf.type === 'ptp' ? OSPF_GROUPS : []), ...(speaksOspf6(draft, link) ? OSPF6 : [])];
}

function dropped(draft: Draft, link: DraftLink, allowed: readonly Prefix[]): Problem[] {
  const path = [...link.path, 'peer', 'allowedIPs'];
  const holds = (address: string): boolean => allowed.some((p) => contains(p, address));
  const covered = (text: string): boolean => allowed.some((p) => containsPrefix(p, prefix(text)));
  const groups = ospfNeeds(draft, link).filter((text) => !covered(text));
  const list = [...allowed.map(formatPrefix), ...groups];
  const far = ([4, 6] as const).map((family) => farOf(link, family)).find((a) => a !== undefined && !holds(a));
  if (far !== undefined) {
    const whole = `allowedIPs: [${[formatPrefix(hostPrefix(far)), ...list].join(', ')}], or leave it out for ${OPEN}`;
    return [
      {
        code: 'allowed-ips-peer',
        path,
        message: `without ${far}, the far end's own address, WireGuard drops every packet between the two routers`,
        hint: whole,
      },
    ];
  }
  if (groups.length === 0) return [];
  return [
    {
      code: 'allowed-ips-ospf',
      path,
      message: `without ${groups.map((text) => text.replace(/\/(32|128)$/, '')).join(', ')} WireGuard drops OSPF's own packets, and the neighbour is never found`,
      hint: `allowedIPs: [${list.join(', ')}], or leave it out for ${OPEN}`,
    },
  ];
}

/** Only what OSPF learns is sent this way unasked. */
function narrow(draft: Draft, link: DraftLink, allowed: readonly Prefix[], mesh: readonly Prefix[]): Problem[] {
  const carried: Family[] = speaksOspf6(draft, link) ? [4, 6] : [4];
  const left = mesh.filter((p) => carried.includes(p.family) && !allowed.some((a) => containsPrefix(a, p)));
  if (left.length === 0) return [];
  return [
    {
      code: 'allowed-ips-narrow',
      severity: 'warning',
      path: [...link.path, 'peer', 'allowedIPs'],
      message: `OSPF may send traffic for ${left.map(formatPrefix).join(', ')} this way, but WireGuard would drop it`,
      hint: `allowedIPs: [${left.some(({ family }) => family === 6) ? '0.0.0.0/0, ::/0' : '0.0.0.0/0'}], the default`,
    },
  ];
}

function ofTunnel(draft: Draft, link: DraftLink, mesh: readonly Prefix[] | undefined): Problem[] {
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
  const twice = list.flatMap(({ index, prefix: one }): Problem[] => {
    const text = formatPrefix(one);
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
  const errors = [...twice, ...dropped(draft, link, allowed)];
  const silent = errors.length > 0 || ospfOf(link) === undefined || mesh === undefined;
  return silent ? errors : narrow(draft, link, allowed, mesh);
}

export function allowedIPsChecks(draft: Draft): Problem[] {
  const mesh = meshPrefixes(draft);
  return linksOf(draft)
    .filter((link) => link.tunnel)
    .flatMap((link) => ofTunnel(draft, link, mesh));
}
