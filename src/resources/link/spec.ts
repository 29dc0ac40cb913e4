// A link and the fields of it that we set. Ours carry the alias mark; a borrowed one (`existing`) is only configured.
import type { Fields } from '../../engine/types.ts';
import { LINK_MARK } from '../../net/names.ts';
import { LINK_NOTE } from '../tags.ts';

export interface LinkSpec {
  readonly name: string;
  /** `existing`: another's link, whatever its kind */
  readonly kind: 'wireguard' | 'dummy' | 'vrf' | 'existing' | 'foreign';
  /** who makes the packets of a `wireguard` link */
  readonly backend: 'kernel' | 'userspace' | undefined;
  readonly up: boolean;
  /** undefined: as it was found, for a borrowed link whose MTU the file does not say */
  readonly mtu: number | undefined;
  /** the MTU that a borrowed link had before us; undefined where it is not noted */
  readonly foundMtu: number | undefined;
  readonly marked: boolean;
  /** the network namespace that it is in, '' outside */
  readonly netns: string;
  /** a borrowed link that was moved and has not got all that it shall have where it is now (move.ts) */
  readonly bare: boolean;
  /** of a borrowed one to give back: what of it stays as it is, and why (give-back.ts) */
  readonly stays?: string;
  /** of a `vrf`, which keeps it for life */
  readonly table?: number;
}

export const linkKey = (spec: LinkSpec): string => spec.name;

export type LinkField = 'up' | 'mtu' | 'netns' | 'kind' | 'mark';

export function linkFields(spec: LinkSpec): Fields<LinkField> {
  const fields = {
    up: spec.up ? 'up' : 'down',
    mtu: String(spec.mtu ?? 'as found'),
    netns: `${spec.netns === '' ? 'outside' : `netns ${spec.netns}`}${spec.bare ? ', bare' : ''}`,
  };
  if (spec.kind === 'existing') return fields;
  if (spec.kind === 'vrf') {
    // the MTU is the kernel's own
    return { up: fields.up, kind: `vrf table ${spec.table ?? 0}`, mark: spec.marked ? LINK_MARK : '' };
  }
  return { ...fields, kind: spec.kind, mark: spec.marked ? LINK_MARK : '' };
}

/** The alias is the mark, alone or followed by notes of other kinds (see resources/wireguard). */
export const isMarked = (alias: string): boolean => alias === LINK_MARK || alias.startsWith(`${LINK_MARK} `);

/** The note of /run/wgospf by which a borrowed link gets back what it had. */
export const linkNote = (name: string): string => `${LINK_NOTE}${name}`;

/** What the notes of set-notes.ts call its MTU. */
export const setMtu = (name: string): string => `mtu:${name}`;

/** The note's JSON. */
export interface Found {
  readonly up: boolean;
  readonly mtu: number;
}
