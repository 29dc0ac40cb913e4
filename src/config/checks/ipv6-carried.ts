// IPv6 that the file has and OSPF does not carry: nothing is wrong with any one line, every adjacency is Full, and no router of
// the mesh hears of the network.
import { formatPrefix, networkOf } from '../../net/ip.ts';
import type { Draft } from '../draft.ts';
import type { Problem } from '../problem.ts';
import { addressOf, indexed, linksOf, ospfOf } from './links.ts';
import { instancesOf, ospfLinksOf, type InstanceEntry, type OspfLinkEntry } from './ospf-links.ts';

/** As the model has it: said, or on where a link of the instance has an IPv6 address. */
const carriesIpv6 = ({ said }: InstanceEntry, links: readonly OspfLinkEntry[]): boolean =>
  said.ipv6 ?? links.some(({ link }) => addressOf(link, 6) !== undefined);

/** What `export` would have the mesh hear of, in IPv6, with its place. */
function exportedIpv6(draft: Draft, { said, path }: InstanceEntry): { text: string; path: Problem['path'] }[] {
  if (Array.isArray(said.export)) {
    const six = indexed(said.export as readonly (string | undefined)[]).filter(({ prefix }) => prefix.family === 6);
    return six.map(({ index, prefix }) => ({ text: formatPrefix(prefix), path: [...path, 'export', index] }));
  }
  if (said.export !== 'connected') return [];
  const six = linksOf(draft).flatMap((link) => (ospfOf(link) === undefined ? (addressOf(link, 6) ?? []) : []));
  return six.slice(0, 1).map((own) => ({ text: formatPrefix(networkOf(own)), path: [...path, 'export'] }));
}

/** A tunnel has a link-local address of its own where OSPFv3 is spoken, another link only beside an IPv6 one. */
const speaks6 = ({ link }: OspfLinkEntry): boolean => link.tunnel || addressOf(link, 6) !== undefined;

function ofInstance(draft: Draft, instance: InstanceEntry): Problem[] {
  const links = ospfLinksOf(draft).filter((link) => link.instance === instance.name);
  const warning = { code: 'ipv6-not-carried', severity: 'warning' } as const;
  if (!carriesIpv6(instance, links)) {
    return exportedIpv6(draft, instance).map(({ text, path }) => ({
      ...warning,
      path,
      message: `OSPF for IPv6 is off in ${instance.path.join('.')}, so the mesh does not hear of ${text}`,
      hint: 'ipv6: true beside export, at all routers, or no IPv6 network in it',
    }));
  }
  const live = links.filter(({ link }) => ospfOf(link)?.stub === false);
  const quiet = links.find(({ link }) => addressOf(link, 6) !== undefined);
  if (live.length === 0 || quiet === undefined || live.some(speaks6)) return [];
  const names = live.map(({ link }) => link.name).join(', ');
  const message = `${names} ${live.length === 1 ? 'has' : 'have'} no IPv6 address, and OSPFv3 does not speak there: the mesh does not hear of the IPv6 network of ${quiet.link.name}`;
  return [
    { ...warning, path: quiet.link.path, part: 'key', message, hint: `an IPv6 address for ${names} too, or none here` },
  ];
}

export const ipv6CarriedChecks = (draft: Draft): Problem[] =>
  instancesOf(draft).flatMap((instance) => ofInstance(draft, instance));
