// The OSPF protocols of bird.conf: one for each instance and family. Each has a block for each area that is used or named, with one
// clause for each interface by its full name. A clause for a missing interface waits for it. Pure.
import { formatPrefix, type Family } from '../../net/ip.ts';
import { TUNNEL_COST } from '../../model/defaults.ts';
import { reaches } from '../../model/ipv6.ts';
import type { AreaNetwork, OspfArea, OspfInstance, OspfInterface, RouterModel } from '../../model/types.ts';
import { meshLinks, type MeshLink } from '../tags.ts';
import { sharedClause } from './alike.ts';
import { exportWords } from './exported.ts';
import { block, channel, protocol } from './lines.ts';
import { clauseBody, type Speaker } from './render-clause.ts';
import { vrfLine, type Part } from './render-tables.ts';

/** The name of an instance's protocol on the control socket. */
export const protocolName = ({ name }: Pick<OspfInstance, 'name'>, family: Family): string => `${name}${family}`;

export function ospfSection(part: Part, instance: OspfInstance): string[] {
  const { dialect, family } = part;
  const ospf = family === 6 ? 'v3' : instance.ipv4;
  const version = dialect === '1.6' ? '' : `${ospf} `;
  return [
    `# ${instance.source.path}, and \`ospf\` of each interface and tunnel${ospf === 'v3' && family === 4 ? '; IPv4 by OSPFv3 (RFC 5838)' : ''}.`,
    ...protocol(`ospf ${version}${protocolName(instance, family)}`, [
      ...vrfLine(part.model),
      ...channel(dialect, family, [
        'import all;',
        ...importLimit(instance),
        `export ${exportWords(instance, family)};`,
      ]),
      ...(instance.stubRouter ? ['stub router yes;'] : []),
      ...instance.areas.flatMap((area) => areaBlock(part.model, instance, area, { dialect, ospf, family })),
    ]),
  ];
}

/** A speaker, and the family whose links it reaches. */
type AreaSpeaker = Speaker & { readonly family: Family };

const importLimit = ({ importLimit: limit }: OspfInstance): string[] =>
  limit === undefined ? [] : [`import limit ${limit.routes} action ${limit.action};`];

const inArea = ({ ospf }: MeshLink, instance: OspfInstance, area: OspfArea): boolean =>
  ospf !== undefined && ospf.instance === instance.name && ospf.area === area.id;

function areaBlock(model: RouterModel, instance: OspfInstance, area: OspfArea, speaker: AreaSpeaker): string[] {
  const links = meshLinks(model).filter((l) => inArea(l, instance, area) && reaches(model, l, speaker.family));
  return block(`area ${area.id}`, [
    ...areaOptions(area, speaker.family),
    ...(instance.tunnelPattern === undefined || area.id !== instance.area
      ? links.flatMap((link) => clause(link, speaker))
      : clausesWithPattern(model, instance, instance.tunnelPattern, links, speaker)),
  ]);
}

const bodyOf = ({ ospf }: MeshLink, speaker: Speaker): string[] =>
  ospf === undefined ? [] : clauseBody(ospf, speaker);

/** Kept by link and speaker; a link that an edit does not change stays the same object. */
const clauses = new WeakMap<MeshLink, Map<string, readonly string[]>>();

function clause(link: MeshLink, speaker: Speaker): readonly string[] {
  const ofLink = clauses.get(link) ?? new Map<string, readonly string[]>();
  const key = `${speaker.dialect} ${speaker.ospf}`;
  const lines = ofLink.get(key) ?? [
    `# ${link.source.path}`,
    ...block(`interface "${link.name}"`, bodyOf(link, speaker)),
  ];
  clauses.set(link, ofLink.set(key, lines));
  return lines;
}

/** The OSPF options of a tunnel without `ospf` keys. */
const plainTunnel = ({ area, name }: OspfInstance): OspfInterface => ({
  ...{ cost: TUNNEL_COST, type: 'ptp', stub: false, area, instance: name, neighbors: [], ttlSecurity: false },
  ...{ bfd: undefined, authentication: undefined },
});

function clausesWithPattern(
  model: RouterModel,
  instance: OspfInstance,
  pattern: string,
  links: readonly MeshLink[],
  speaker: Speaker,
): string[] {
  const here = new Map(links.map((link) => [link.name, bodyOf(link, speaker)]));
  const { excluded, body, names } = sharedClause(model, pattern, here, clauseBody(plainTunnel(instance), speaker));
  const patterns = [...excluded.map((name) => `-"${name}"`), `"${pattern}"`];
  return [
    ...links.filter(({ name }) => !names.has(name)).flatMap((link) => clause(link, speaker)),
    `# ${instance.source.path}.tunnelPattern: every other tunnel of that name`,
    ...block(`interface ${patterns.join(', ')}`, body),
  ];
}

function areaOptions(area: OspfArea, family: Family): string[] {
  const yesNo = (word: string, value: boolean | undefined): string[] =>
    value === undefined ? [] : [`${word} ${value ? 'yes' : 'no'};`];
  return [
    ...(area.type === 'normal' ? [] : [`${area.type};`]),
    ...yesNo('summary', area.summary),
    ...yesNo('default nssa', area.defaultNssa),
    ...(area.defaultCost === undefined ? [] : [`default cost ${area.defaultCost};`]),
    ...yesNo('translator', area.translator),
    ...networkBlock('networks', area.networks, family),
    ...networkBlock('external', area.external, family),
  ];
}

function networkBlock(word: string, networks: readonly AreaNetwork[], family: Family): string[] {
  const mine = networks.filter(({ prefix }) => prefix.family === family);
  if (mine.length === 0) return [];
  return block(
    word,
    mine.map(({ prefix, hidden }) => `${formatPrefix(prefix)}${hidden ? ' hidden' : ''};`),
  );
}
