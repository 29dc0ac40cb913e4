// Checks that the named neighbours fit the OSPF versions of a link: each version sends hellos only to neighbours of its own family.
// OSPFv2 uses IPv4 addresses, OSPFv3 link-local ones (RFC 5340, 2.5), whichever family its routes have.
import { familyOf, formatPrefix, type Family } from '../../net/ip.ts';
import { formatPath } from '../locate.ts';
import type { Problem } from '../problem.ts';
import { hasOpposite } from '../resolve/ospf.ts';
import { farOf, isHostOnly, type OspfLink, type Resolved } from '../resolve/types.ts';
import { reaches } from './family-carried.ts';

/** The OSPF versions of the link, each as the family of its hellos' destinations. */
function spoken(link: OspfLink): Family[] {
  const { v3, ipv4 } = link.ospf.instance;
  const four = reaches(link, 4);
  const six = v3 && (reaches(link, 6) || (ipv4 === 'v3' && four));
  return [...(four && ipv4 === 'v2' ? [4 as const] : []), ...(six ? [6 as const] : [])];
}

/** Whether the neighbours of a ptmp tunnel follow without `neighbors`: in each version, because the far end is known. */
const follows = (link: OspfLink): boolean =>
  link.tunnel && link.ospf.model.type === 'ptmp' && (!reaches(link, 4) || farOf(link, 4) !== undefined);

function wayOut(link: OspfLink, said: boolean): string {
  if (!said) return 'type: ptp, at both ends; or neighbors: with';
  return follows(link) ? 'no neighbors here, they follow for a ptmp tunnel; or beside them' : 'beside them';
}

function ofLink(link: OspfLink): Problem[] {
  const { neighbors } = link.ospf.said;
  const { stub, type } = link.ospf.model;
  if (stub || (type !== 'ptmp' && type !== 'nbma')) return [];
  const said = neighbors?.flatMap((n) => n ?? []);
  // on a tunnel both addresses of the far end follow, or peerAddress has its own message
  if (said === undefined && link.tunnel) return [];
  // on an interface, another router's link-local address cannot be derived
  const named: Family[] = said?.map(familyOf) ?? (farOf(link, 4) === undefined ? [] : [4]);
  // a link without any neighbour, and values that could not be read, have their own messages
  const silent = named.length === 0 && (said !== undefined || link.far.length === 0);
  if (silent || named.length < (neighbors?.length ?? 0) || !link.whole) return [];
  const families = spoken(link);
  const opposite = type === 'ptmp' && hasOpposite(link);
  const missing = families.filter((family) => !named.includes(family) && !(family === 4 && opposite));
  const [first] = missing;
  if (first === undefined) return [];
  const wanted = first === 4 ? 'OSPFv2 speaks to IPv4 addresses' : 'OSPFv3 speaks to link-local addresses (fe80:)';
  const some = missing.length < families.length;
  return [
    {
      code: some ? `neighbors-without-ipv${first}` : 'neighbors-missing',
      ...(some ? { severity: 'warning' as const } : {}),
      path: [...link.path, 'ospf', said === undefined ? 'type' : 'neighbors'],
      message: `${wanted} only, but none is named: it finds no router over ${link.name}`,
      hint: `${wayOut(link, said !== undefined)} the neighbour's ${first === 4 ? 'IPv4 address' : 'address that starts with fe80:'}`,
    },
  ];
}

/** Observed with BIRD 2.0.12: on a host address, type broadcast finds no OSPFv2 neighbour. Assumed for nbma too. */
function hostAlone(link: OspfLink): Problem[] {
  const { stub, type } = link.ospf.model;
  const own = link.addresses.find(({ prefix }) => prefix.family === 4);
  if (stub || own === undefined || !isHostOnly(own.prefix)) return [];
  if ((type !== 'broadcast' && type !== 'nbma') || !spoken(link).includes(4)) return [];
  const message = `${formatPrefix(own.prefix)} is a single address, and type ${type} of OSPFv2 finds no neighbour there`;
  const hint = `type: ptp under \`${formatPath([...link.path, 'ospf'])}\`, at both ends; or an address with the length of the network`;
  return [{ code: 'host-address-type', severity: 'warning', path: own.path, message, hint }];
}

export const neighborFamilyChecks = ({ ospfLinks }: Resolved): Problem[] =>
  ospfLinks.flatMap((link) => [...ofLink(link), ...hostAlone(link)]);
