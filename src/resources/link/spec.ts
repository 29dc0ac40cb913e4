// A link and the fields of it that we set. Ours carry the alias mark; a borrowed one (`existing`) is only configured.
import { LINK_MARK } from '../../net/names.ts';

export interface LinkSpec {
  readonly name: string;
  /** `existing`: another's link, whatever its kind */
  readonly kind: 'wireguard' | 'dummy' | 'existing' | 'foreign';
  /** who makes the packets of a `wireguard` link */
  readonly backend: 'kernel' | 'userspace' | undefined;
  readonly up: boolean;
  /** undefined: as it was found, for a borrowed link whose MTU the file does not say */
  readonly mtu: number | undefined;
  /** the MTU that a borrowed link had before us; undefined where it is not noted */
  readonly foundMtu: number | undefined;
  readonly marked: boolean;
  /** the network namespace that it is in, '' outside */
  readonly place: string;
  /** a borrowed link that is back outside and has not got back all that it had there (move.ts) */
  readonly bare: boolean;
}

export const linkKey = (spec: LinkSpec): string => spec.name;

export function linkFields(spec: LinkSpec): Record<string, string> {
  const fields: Record<string, string> = {
    up: spec.up ? 'up' : 'down',
    mtu: String(spec.mtu ?? 'as found'),
    place: spec.place === '' ? `outside${spec.bare ? ', bare' : ''}` : `netns ${spec.place}`,
  };
  if (spec.kind === 'existing') return fields;
  return { ...fields, kind: spec.kind, mark: spec.marked ? LINK_MARK : '' };
}

/** The alias is the mark, alone or followed by notes of other kinds (see resources/wireguard). */
export const isMarked = (alias: string): boolean => alias === LINK_MARK || alias.startsWith(`${LINK_MARK} `);

/** The note of /run/wgospf by which a borrowed link gets back what it had. */
export const linkNote = (name: string): string => `link:${name}`;

/** The note's JSON. */
export interface Found {
  readonly up: boolean;
  readonly mtu: number;
}
