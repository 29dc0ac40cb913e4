// Networks that the file has and OSPF does not carry: nothing is wrong with any one line, every adjacency is Full, and no router
// of the mesh hears of the network.
import { formatPrefix, networkOf, type Family } from '../../net/ip.ts';
import type { Draft } from '../draft.ts';
import type { Problem } from '../problem.ts';
import { addressOf, indexed, linksOf, ospfOf } from './links.ts';
import { instancesOf, ospfLinksOf, type InstanceEntry, type OspfLinkEntry } from './ospf-links.ts';

/** As the model has it: said, or on where a link of the instance has an IPv6 address. */
const carriesIpv6 = ({ said }: InstanceEntry, links: readonly OspfLinkEntry[]): boolean =>
  said.ipv6 ?? links.some(({ link }) => addressOf(link, 6) !== undefined);

interface Told {
  readonly text: string;
  readonly place: Pick<Problem, 'path' | 'part'>;
}

/** What `export` would have the mesh hear of, in that family. */
function exported(draft: Draft, { said, path }: InstanceEntry, family: Family): Told[] {
  if (Array.isArray(said.export)) {
    const mine = indexed(said.export as readonly (string | undefined)[]).filter((one) => one.prefix.family === family);
    return mine.map(({ index, prefix }) => ({
      text: formatPrefix(prefix),
      place: { path: [...path, 'export', index] },
    }));
  }
  if (said.export !== 'connected') return [];
  const mine = linksOf(draft).flatMap((link) => (ospfOf(link) === undefined ? (addressOf(link, family) ?? []) : []));
  return mine.slice(0, 1).map((own) => ({ text: formatPrefix(networkOf(own)), place: { path: [...path, 'export'] } }));
}

/** A link of the instance that has a network of that family. */
function onLinks(links: readonly OspfLinkEntry[], family: Family): Told[] {
  const quiet = links.filter(({ link }) => addressOf(link, family) !== undefined);
  return quiet.map(({ link }) => ({
    text: `the IPv${family} network of ${link.name}`,
    place: { path: link.path, part: 'key' },
  }));
}

/** A tunnel has a link-local address of its own where OSPFv3 is spoken, another link only beside an IPv6 one. */
const speaks = ({ link }: OspfLinkEntry, family: Family): boolean =>
  (family === 6 && link.tunnel) || addressOf(link, family) !== undefined;

/** An address that could not be read has its own message, and nothing is known of its link. */
const isWhole = ({ link }: OspfLinkEntry): boolean => Object.values(link.said).every((value) => value !== undefined);

/** Whether OSPF has a neighbour to look for over the link, in either family. */
export function isSpoken(draft: Draft, link: OspfLinkEntry): boolean {
  const instance = instancesOf(draft).find(({ name }) => name === link.instance);
  if (instance === undefined || !isWhole(link) || speaks(link, 4)) return true;
  const mates = ospfLinksOf(draft).filter((one) => one.instance === link.instance);
  return carriesIpv6(instance, mates) && speaks(link, 6);
}

/** Links to other routers, and none of them speaks OSPF for the family. */
function unspoken(draft: Draft, instance: InstanceEntry, links: readonly OspfLinkEntry[], family: Family): Problem[] {
  const live = links.filter(({ link }) => ospfOf(link)?.stub === false);
  const [told] = [...onLinks(links, family), ...exported(draft, instance, family)];
  if (live.length === 0 || told === undefined) return [];
  if (live.some((link) => speaks(link, family) || !isWhole(link))) return [];
  const names = live.map(({ link }) => link.name).join(', ');
  const version = family === 6 || instance.said.ipv4 === 'v3' ? 'OSPFv3' : 'OSPFv2';
  const message = `${names} ${live.length === 1 ? 'has' : 'have'} no IPv${family} address, and ${version} does not ${family === 6 ? 'speak' : 'carry IPv4'} there: the mesh does not hear of ${told.text}`;
  const hint = `an IPv${family} address for ${names} too, or none here`;
  return [{ code: `ipv${family}-not-carried`, severity: 'warning', ...told.place, message, hint }];
}

function ofInstance(draft: Draft, instance: InstanceEntry): Problem[] {
  const links = ospfLinksOf(draft).filter((link) => link.instance === instance.name);
  const four = unspoken(draft, instance, links, 4);
  if (carriesIpv6(instance, links)) return [...four, ...unspoken(draft, instance, links, 6)];
  return [...four, ...switchedOff(draft, instance, links)];
}

/** `ipv6: false`, or no link with an address to switch it on: each network that is announced, or else the first that stays unheard. */
function switchedOff(draft: Draft, instance: InstanceEntry, links: readonly OspfLinkEntry[]): Problem[] {
  const announced = exported(draft, instance, 6);
  const told = announced.length > 0 ? announced : onLinks(links, 6).slice(0, 1);
  return told.map(({ text, place }) => ({
    code: 'ipv6-not-carried',
    severity: 'warning',
    ...place,
    message: `OSPF for IPv6 is off in ${instance.path.join('.')}, so the mesh does not hear of ${text}`,
    hint: `ipv6: true in ${instance.path.join('.')}, at all routers, or no IPv6 network there`,
  }));
}

export const familyCarriedChecks = (draft: Draft): Problem[] =>
  instancesOf(draft).flatMap((instance) => ofInstance(draft, instance));
