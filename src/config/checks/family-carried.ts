// Reports networks of the file that OSPF does not announce: each line is correct and every adjacency is Full, but no router of the
// mesh learns the network.
import { hasFamily } from '../../model/ipv6.ts';
import { formatPrefix, networkOf, type Family } from '../../net/ip.ts';
import type { Problem } from '../problem.ts';
import { addressOf, listed, type Instance, type Link, type OspfLink, type Resolved } from '../resolve/types.ts';

interface Told {
  readonly text: string;
  readonly place: Pick<Problem, 'path' | 'part'>;
}

/** The networks that `export` would announce to the mesh, in this family. */
function exported({ links }: Resolved, { said, path }: Instance, family: Family): Told[] {
  const mine = listed(said.export).filter(({ prefix }) => prefix.family === family);
  if (said.export !== 'connected')
    return mine.map(({ index, prefix }) => ({
      text: formatPrefix(prefix),
      place: { path: [...path, 'export', index] },
    }));
  const quiet = links.flatMap((link) => (link.ospf === undefined ? (addressOf(link, family) ?? []) : []));
  return quiet.slice(0, 1).map((own) => ({ text: formatPrefix(networkOf(own)), place: { path: [...path, 'export'] } }));
}

/** The links of the instance that have a network of this family. */
function onLinks(links: readonly OspfLink[], family: Family): Told[] {
  const quiet = links.filter((link) => addressOf(link, family) !== undefined);
  return quiet.map(({ name, path }) => ({ text: `the IPv${family} network of ${name}`, place: { path, part: 'key' } }));
}

export const reaches = ({ tunnel, addresses }: Link, family: Family): boolean =>
  hasFamily(
    tunnel,
    addresses.map(({ prefix }) => prefix),
    family,
  );

/** Whether OSPF looks for a neighbour over the link, in either family; unknown for a link that could not be read fully. */
export function isSpoken(link: OspfLink): boolean {
  const { known, ipv6 } = link.ospf.instance;
  return !known || !link.whole || reaches(link, 4) || (ipv6 && reaches(link, 6));
}

/** Reports an instance that has links to other routers, of which none speaks OSPF for the family. */
function unspoken(resolved: Resolved, instance: Instance, links: readonly OspfLink[], family: Family): Problem[] {
  const live = links.filter(({ ospf }) => !ospf.model.stub);
  const [told] = [...onLinks(links, family), ...exported(resolved, instance, family)];
  if (live.length === 0 || told === undefined) return [];
  // an address that could not be read has its own message
  if (live.some((link) => reaches(link, family) || !link.whole)) return [];
  const names = live.map(({ name }) => name).join(', ');
  const version = family === 6 || instance.ipv4 === 'v3' ? 'OSPFv3' : 'OSPFv2';
  const message = `${names} ${live.length === 1 ? 'has' : 'have'} no IPv${family} address, and ${version} does not ${family === 6 ? 'speak' : 'carry IPv4'} there: the mesh does not learn ${told.text}`;
  const hint = `an IPv${family} address for ${names} too, or none here`;
  return [{ code: `ipv${family}-not-carried`, severity: 'warning', ...told.place, message, hint }];
}

function ofInstance(resolved: Resolved, instance: Instance): Problem[] {
  const links = resolved.ospfLinks.filter(({ ospf }) => ospf.instance === instance);
  const four = unspoken(resolved, instance, links, 4);
  if (instance.ipv6) return [...four, ...unspoken(resolved, instance, links, 6)];
  return [...four, ...switchedOff(resolved, instance, links)];
}

/** IPv6 is off by `ipv6: false` or because no link has an IPv6 address. Reports each exported network, else the first of a link. */
function switchedOff(resolved: Resolved, instance: Instance, links: readonly OspfLink[]): Problem[] {
  const announced = exported(resolved, instance, 6);
  const told = announced.length > 0 ? announced : onLinks(links, 6).slice(0, 1);
  return told.map(({ text, place }) => ({
    code: 'ipv6-not-carried',
    severity: 'warning',
    ...place,
    message: `OSPF for IPv6 is off in ${instance.path.join('.')}, so the mesh does not learn ${text}`,
    hint: `ipv6: true in ${instance.path.join('.')}, at all routers, or no IPv6 network there`,
  }));
}

export const familyCarriedChecks = (resolved: Resolved): Problem[] =>
  resolved.instances.flatMap((instance) => ofInstance(resolved, instance));
