// Checks AllowedIPs, which filter both directions of a tunnel (cryptokey routing): the tunnel drops all other packets.
import { contains, containsPrefix, formatPrefix, hostPrefix } from '../../net/ip.ts';
import type { Family, Prefix } from '../../net/ip.ts';
import type { Problem } from '../problem.ts';
import { farOf, indexed, type Resolved, type TunnelLink } from '../resolve/types.ts';

/** AllSPFRouters and AllDRouters (RFC 2328, A.1): the hellos and floods of a ptp link use these, never the peer's address. */
const OSPF_GROUPS = ['224.0.0.5', '224.0.0.6'].map(hostPrefix);
/** The same for OSPFv3 (RFC 5340, A.1), and the link-local addresses of all its other packets (2.5). */
const OSPF6: readonly Prefix[] = [
  ...['ff02::5', 'ff02::6'].map(hostPrefix),
  { family: 6, address: 'fe80::', length: 10 },
];

const OPEN = '0.0.0.0/0 and ::/0';

/** The networks that OSPF itself needs. */
function ospfNeeds({ ospf }: TunnelLink): Prefix[] {
  if (ospf === undefined || ospf.model.stub) return [];
  return [...(ospf.model.type === 'ptp' ? OSPF_GROUPS : []), ...(ospf.instance.v3 ? OSPF6 : [])];
}

function dropped(link: TunnelLink, allowed: readonly Prefix[]): Problem[] {
  const path = [...link.path, 'peer', 'allowedIPs'];
  const holds = (address: string): boolean => allowed.some((p) => contains(p, address));
  const covered = (needed: Prefix): boolean => allowed.some((p) => containsPrefix(p, needed));
  const groups = ospfNeeds(link)
    .filter((needed) => !covered(needed))
    .map(formatPrefix);
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

/** Reports mesh networks that AllowedIPs lack: OSPF may send their packets over the tunnel. */
function narrow(link: TunnelLink, allowed: readonly Prefix[], mesh: readonly Prefix[]): Problem[] {
  const carried: Family[] = link.ospf?.instance.v3 === true ? [4, 6] : [4];
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

function ofTunnel(link: TunnelLink, mesh: readonly Prefix[] | undefined): Problem[] {
  const said = link.said.peer?.allowedIPs;
  if (said === undefined) return [];
  const list = indexed(said);
  // if a prefix could not be read, it is unknown what is missing
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
            message: `${text} is listed twice`,
            hint: 'each network once',
          },
        ];
  });
  const allowed = list.map((p) => p.prefix);
  const errors = [...twice, ...dropped(link, allowed)];
  const silent = errors.length > 0 || link.ospf === undefined || mesh === undefined;
  return silent ? errors : narrow(link, allowed, mesh);
}

export const allowedIPsChecks = ({ tunnels, prefixes }: Resolved): Problem[] =>
  tunnels.flatMap((link) => ofTunnel(link, prefixes));
