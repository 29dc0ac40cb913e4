// A link, and those of its fields that we set. Ours have the alias mark; a borrowed one (`existing`) is only configured.
import type { Fields } from '../../engine/types.ts';
import { LINK_MARK } from '../../net/names.ts';
import { LINK_NOTE } from '../tags.ts';

export interface LinkSpec {
  readonly name: string;
  /** `existing`: a foreign link of any kind */
  readonly kind: 'wireguard' | 'dummy' | 'vrf' | 'existing' | 'foreign';
  /** who processes the packets of a `wireguard` link */
  readonly backend: 'kernel' | 'userspace' | undefined;
  readonly up: boolean;
  /** undefined: the original one, for a borrowed link without an MTU in the file */
  readonly mtu: number | undefined;
  /** the MTU that a borrowed link had before us; undefined if it is not noted */
  readonly foundMtu: number | undefined;
  readonly marked: boolean;
  /** its network namespace; '' outside */
  readonly netns: string;
  /** a borrowed link that was moved and does not yet have everything that it needs in its new namespace (move.ts) */
  readonly bare: boolean;
  /** for a borrowed link to give back: what stays as it is, and why (give-back.ts) */
  readonly stays?: string;
  /** its wireguard-go has ended, and only our note of it is left */
  readonly ended?: boolean;
  /** of a `vrf`, whose table never changes */
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
    // its MTU is the kernel's choice
    return { up: fields.up, kind: `vrf table ${spec.table ?? 0}`, mark: spec.marked ? LINK_MARK : '' };
  }
  return { ...fields, kind: spec.kind, mark: spec.marked ? LINK_MARK : '' };
}

/** The note of /run/wgospf with what a borrowed link had. */
export const linkNote = (name: string): string => `${LINK_NOTE}${name}`;

const STARTED_NOTE = 'started:';

/** Notes that we started the wireguard-go of the link: the link is ours from before it has its mark until it goes. */
export const startedNote = (name: string): string => `${STARTED_NOTE}${name}`;

export const startedNames = (notes: ReadonlyMap<string, string>): string[] =>
  [...notes.keys()].filter((key) => key.startsWith(STARTED_NOTE)).map((key) => key.slice(STARTED_NOTE.length));

/** The name of its MTU in the notes of set-notes.ts. */
export const setMtu = (name: string): string => `mtu:${name}`;

/** The JSON of the note `linkNote`. */
export interface Found {
  readonly up: boolean;
  readonly mtu: number;
}
