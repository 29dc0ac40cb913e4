// Checks areas: their numbers, and which settings fit which type. BIRD refuses some of these with an unclear position.
import { formatPrefix } from '../../net/ip.ts';
import { canonicalArea } from '../../net/ospf-area.ts';
import type { Path } from '../locate.ts';
import type { Problem } from '../problem.ts';
import { areaNetwork } from '../resolve/bird.ts';
import { entriesOf, isList, type Instance, type OspfLink, type Resolved } from '../resolve/types.ts';
import type { AreaSaid } from '../said.ts';

interface AreaEntry {
  readonly id: string | undefined;
  readonly text: string;
  readonly path: Path;
  readonly said: AreaSaid;
}

const areasOf = ({ said, path }: Instance): AreaEntry[] =>
  entriesOf(said.areas).map(([text, area]) => ({
    id: canonicalArea(text),
    text,
    path: [...path, 'areas', text],
    said: area,
  }));

function numberChecks(areas: readonly AreaEntry[]): Problem[] {
  const seen = new Map<string, string>();
  return areas.flatMap(({ id, text, path }): Problem[] => {
    if (id === undefined) {
      const hint = 'a number up to 4294967295, or a dotted quad: 0, or 0.0.0.1';
      return [{ code: 'bad-area', path, part: 'key', message: `\`${text}\` is no OSPF area`, hint }];
    }
    const other = seen.get(id);
    seen.set(id, text);
    if (other === undefined) return [];
    const message = `${text} and ${other} are the same area`;
    return [{ code: 'area-twice', path, part: 'key', message, hint: 'each area once' }];
  });
}

/** Settings that have a meaning only in areas of these types. */
const WORDS = [
  ['summary', ['stub', 'nssa']],
  ['defaultCost', ['stub', 'nssa']],
  ['defaultNssa', ['nssa']],
  ['translator', ['nssa']],
  ['external', ['nssa']],
] as const;

function typeChecks({ id, path, said }: AreaEntry): Problem[] {
  const type = said.type ?? 'normal';
  if (id === '0' && type !== 'normal') {
    const message = `area 0 is the backbone, which all other areas are told through: it cannot be ${type}`;
    return [{ code: 'backbone-type', path: [...path, 'type'], message, hint: 'type: normal' }];
  }
  const misplaced = WORDS.flatMap(([word, types]): Problem[] =>
    said[word] === undefined || (types as readonly string[]).includes(type)
      ? []
      : [
          {
            code: 'area-word',
            path: [...path, word],
            part: 'key',
            message: `\`${word}\` says nothing of a ${type} area`,
            hint: `type: ${types.join(' or ')}`,
          },
        ],
  );
  // proto/ospf/config.Y: Only NSSA areas with summary propagation can use NSSA default route; without the word it has none
  if (said.defaultNssa !== true || type !== 'nssa' || said.summary === true) return misplaced;
  // a summary that could not be read has its own message
  if (said.summary === undefined && Object.hasOwn(said, 'summary')) return misplaced;
  const message = 'without summary the area gets a default route anyway, and BIRD refuses a second one';
  return [...misplaced, { code: 'area-word', path: [...path, 'defaultNssa'], message, hint: 'summary: true' }];
}

function networkChecks({ path, said }: AreaEntry): Problem[] {
  return (['networks', 'external'] as const).flatMap((word) => {
    const seen = new Set<string>();
    return (said[word] ?? []).flatMap((network, i): Problem[] => {
      const found = areaNetwork(network);
      if (found === undefined) return [];
      const shown = formatPrefix(found.prefix);
      if (!seen.has(shown)) {
        seen.add(shown);
        return [];
      }
      const hint = 'each network once';
      return [{ code: 'prefix-twice', path: [...path, word, i], message: `${shown} is listed twice`, hint }];
    });
  });
}

/** Areas exchange their routes only through area 0 (RFC 2328, 3.1). */
function backboneChecks(instance: Instance, links: readonly OspfLink[]): Problem[] {
  const used = new Set(links.map(({ ospf }) => ospf.model.area));
  const { path } = instance;
  if (used.size > 1 && !used.has('0')) {
    const message = `links are in areas ${[...used].join(', ')} and none in 0: this router tells none of them of another`;
    return [{ code: 'no-backbone', severity: 'warning', path, message, hint: 'area: 0, at one link' }];
  }
  // BIRD also counts an area that only `areas` names
  const hasBackbone = used.has('0') || areasOf(instance).some(({ id }) => id === '0');
  const live = links.filter(({ ospf }) => !ospf.model.stub);
  const elsewhere = new Set(live.map(({ ospf }) => ospf.model.area));
  if (!hasBackbone || live.length === 0 || elsewhere.has('0')) return [];
  return [
    backboneAlone(
      live.map(({ name }) => name),
      [...elsewhere].join(', '),
      path,
    ),
  ];
}

/** A router with several areas uses only the summaries of area 0 (RFC 2328, 16.2; BIRD proto/ospf/rt.c, ospf_main_area). */
const backboneAlone = (names: readonly string[], areas: string, path: Path): Problem => ({
  code: 'backbone-alone',
  severity: 'warning',
  path,
  message: `no other router is in area 0 here, and networks of other areas are learned through it alone: of what ${names.join(', ')} (area ${areas}) leads to, only the networks of that area are`,
  hint: `area: 0 at ${names.join(', ')} too, or nothing in area 0`,
});

const originates = ({ said }: Instance): boolean =>
  isList(said.export) ? said.export.length > 0 : said.export !== undefined && said.export !== 'none';

/** Whether every area that BIRD counts has the type, including areas that only `areas` names. */
function everyAreaIs(type: 'stub' | 'nssa', at: Instance, links: readonly OspfLink[]): boolean {
  const ofType = areasOf(at).filter(({ said }) => said.type === type);
  const used = [...areasOf(at).map(({ id }) => id), ...links.map(({ ospf }) => ospf.model.area)];
  return ofType.length > 0 && used.every((id) => ofType.some((area) => area.id === id));
}

/** An exported network is an external route (proto/ospf/topology.c, ospf_rt_notify). */
function originationChecks(instance: Instance, links: readonly OspfLink[]): Problem[] {
  if (!originates(instance)) return [];
  const path = [...instance.path, 'export'];
  const where = instance.path.join('.');
  // proto/ospf/config.Y: ASBR must be in non-stub area
  if (everyAreaIs('stub', instance, links)) {
    const message = `every area of ${where} is a stub, which takes no external routes, and what \`export\` originates are such: BIRD refuses the file`;
    const hint = 'export: none, or type: nssa in place of stub, at all routers of the area';
    return [{ code: 'export-in-stub', path, message, hint }];
  }
  if (!everyAreaIs('nssa', instance, links)) return [];
  // find_surrogate_fwaddr: when the protocol starts, routes come before interfaces, and a route without an address is dropped
  const message = `every area of ${where} is an nssa, whose external routes need a forwarding address: BIRD has none yet as it starts, and may drop what \`export\` originates until \`birdc reload out ${instance.name}4\``;
  const hint =
    'the interfaces with these networks in OSPF, stub: true, in place of export; or a link in an area that is no nssa';
  return [{ code: 'export-in-nssa', severity: 'warning', path, message, hint }];
}

export function areaChecks({ instances, ospfLinks }: Resolved): Problem[] {
  return instances.flatMap((instance) => {
    const links = ospfLinks.filter(({ ospf }) => ospf.instance === instance);
    const areas = areasOf(instance);
    return [
      ...numberChecks(areas),
      ...areas.flatMap((area) => [...typeChecks(area), ...networkChecks(area)]),
      ...backboneChecks(instance, links),
      ...originationChecks(instance, links),
    ];
  });
}
