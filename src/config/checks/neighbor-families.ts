// Named neighbours and the OSPFs that a link speaks: each family sends its hellos to the named ones of its own alone. OSPFv2 goes
// to IPv4 addresses, OSPFv3 to link-local ones (RFC 5340, 2.5), whatever it carries.
import { familyOf, formatPrefix, type Family } from '../../net/ip.ts';
import type { Draft } from '../draft.ts';
import { formatPath } from '../locate.ts';
import type { Problem } from '../problem.ts';
import { addressOf, farOf, isHostOnly, linksOf, ospfOf, speaksOspf6, type DraftLink } from './links.ts';
import { instancesOf, ospfLinksOf } from './ospf-links.ts';

/** By the family of the addresses that hellos go to. */
function spoken(draft: Draft, link: DraftLink): Family[] {
  const name = ospfLinksOf(draft).find((one) => one.link.name === link.name)?.instance;
  const instance = instancesOf(draft).find((one) => one.name === name);
  const v3 = instance?.said.ipv4 === 'v3';
  const four = addressOf(link, 4) !== undefined;
  const six = speaksOspf6(draft, link) && (link.tunnel || addressOf(link, 6) !== undefined || (v3 && four));
  return [...(four && !v3 ? [4 as const] : []), ...(six ? [6 as const] : [])];
}

/** Without `neighbors` a ptmp tunnel has them of all that it speaks, where the far end follows. */
const follows = (link: DraftLink): boolean =>
  link.tunnel && ospfOf(link)?.type === 'ptmp' && (addressOf(link, 4) === undefined || farOf(link, 4) !== undefined);

/** Without a neighbour's address BIRD's ptmp speaks to the other end of a /31 or /30 (proto/ospf/hello.c, `opposite`). */
const hasOpposite = (link: DraftLink): boolean =>
  ospfOf(link)?.type === 'ptmp' && [30, 31].includes(addressOf(link, 4)?.length ?? 0);

function wayOut(link: DraftLink, said: boolean): string {
  if (!said) return 'type: ptp, at both ends; or neighbors: with';
  return follows(link) ? 'no neighbors here, they follow for a ptmp tunnel; or beside them' : 'beside them';
}

function ofLink(draft: Draft, link: DraftLink): Problem[] {
  const ospf = ospfOf(link);
  if (ospf === undefined || ospf.stub || (ospf.type !== 'ptmp' && ospf.type !== 'nbma')) return [];
  const said = ospf.neighbors?.flatMap((n) => n ?? []);
  // of a tunnel both far ends follow, or peerAddress has its own message
  if (said === undefined && link.tunnel) return [];
  // another router's link-local address follows from nothing
  const named: Family[] = said?.map(familyOf) ?? (farOf(link, 4) === undefined ? [] : [4]);
  // none at all, and what could not be read, have their own messages
  const silent = named.length === 0 && (said !== undefined || link.far.length === 0);
  if (silent || named.length < (ospf.neighbors?.length ?? 0)) return [];
  if (Object.values(link.said).some((value) => value === undefined)) return [];
  const families = spoken(draft, link);
  const missing = families.filter((family) => !named.includes(family) && !(family === 4 && hasOpposite(link)));
  const [first] = missing;
  if (first === undefined) return [];
  const wanted = first === 4 ? 'OSPFv2 speaks to IPv4 addresses' : 'OSPFv3 speaks to link-local addresses (fe80:)';
  const some = missing.length < families.length;
  return [
    {
      code: some ? `neighbors-without-ipv${first}` : 'neighbors-missing',
      ...(some ? { severity: 'warning' as const } : {}),
      path: [...link.path, 'ospf', said === undefined ? 'type' : 'neighbors'],
      message: `${wanted} alone, and none is named: it finds no router over ${link.name}`,
      hint: `${wayOut(link, said !== undefined)} the neighbour's ${first === 4 ? 'IPv4 address' : 'address that starts with fe80:'}`,
    },
  ];
}

/** Seen of BIRD 2.0.12: no OSPFv2 neighbour is found from an address alone with type broadcast. Taken to hold for nbma too. */
function hostAlone(draft: Draft, link: DraftLink): Problem[] {
  const [ospf, own] = [ospfOf(link), link.addresses.find(({ prefix }) => prefix.family === 4)];
  if (ospf === undefined || ospf.stub || own === undefined || !isHostOnly(own.prefix)) return [];
  if ((ospf.type !== 'broadcast' && ospf.type !== 'nbma') || !spoken(draft, link).includes(4)) return [];
  const message = `${formatPrefix(own.prefix)} has no network around it, and type ${ospf.type} of OSPFv2 speaks to nobody there`;
  const hint = `type: ptp under \`${formatPath([...link.path, 'ospf'])}\`, at both ends; or an address with the length of the network`;
  return [{ code: 'host-address-type', severity: 'warning', path: own.path, message, hint }];
}

export const neighborFamilyChecks = (draft: Draft): Problem[] =>
  linksOf(draft).flatMap((link) => [...ofLink(draft, link), ...hostAlone(draft, link)]);
