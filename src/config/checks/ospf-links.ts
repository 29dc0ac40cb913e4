// The OSPF links of a draft by instance, as the checks of areas, instances, authentication and BFD walk them.
import { MAIN_INSTANCE } from '../../model/defaults.ts';
import { canonicalArea } from '../../net/ospf-area.ts';
import type { Draft } from '../draft.ts';
import type { Path } from '../locate.ts';
import { linksOf, ospfOf, type DraftLink } from './links.ts';

export type DraftInstance = NonNullable<NonNullable<Draft['bird']>['ospf']>;
export type DraftOspfWords = Exclude<NonNullable<DraftLink['said']['ospf']>, false>;

export interface InstanceEntry {
  readonly name: string;
  readonly path: Path;
  readonly said: DraftInstance;
}

const isMap = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The main one first. What could not be read counts as said with nothing in it. */
export function instancesOf(draft: Draft): InstanceEntry[] {
  const { ospf, instances } = draft.bird ?? {};
  const further = Object.entries(isMap(instances) ? instances : {}).filter((entry): entry is [string, DraftInstance] =>
    isMap(entry[1]),
  );
  return [
    { name: MAIN_INSTANCE, path: ['bird', 'ospf'], said: isMap(ospf) ? ospf : {} },
    ...further.map(([name, said]): InstanceEntry => ({ name, path: ['bird', 'instances', name], said })),
  ];
}

export interface OspfLinkEntry {
  readonly link: DraftLink;
  /** the link's `ospf:` */
  readonly path: Path;
  /** {} where it is absent */
  readonly said: DraftOspfWords;
  readonly instance: string;
}

export function ospfLinksOf(draft: Draft): OspfLinkEntry[] {
  return linksOf(draft).flatMap((link): OspfLinkEntry[] => {
    if (ospfOf(link) === undefined) return [];
    const said = isMap(link.said.ospf) ? link.said.ospf : {};
    return [{ link, path: [...link.path, 'ospf'], said, instance: said.instance ?? MAIN_INSTANCE }];
  });
}

/** Decimal text; undefined where it could not be read. */
export function areaOf({ said, instance }: OspfLinkEntry, instances: readonly InstanceEntry[]): string | undefined {
  const area = said.area ?? instances.find(({ name }) => name === instance)?.said.area ?? 0;
  return canonicalArea(area);
}
