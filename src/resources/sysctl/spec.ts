// One kernel setting. What it was before us is noted in /run/wgospf and given back.
import { SYSCTL_NOTE as NOTE } from '../tags.ts';

export interface SysctlSpec {
  /** as sysctl.d(5) writes it: a `/` stands for a dot inside a name; or the path of a link's attribute in /sys */
  readonly name: string;
  readonly value: string;
  /** the link that it belongs to; undefined for a setting of the whole host */
  readonly dev: string | undefined;
  /** whether the setting goes with its link, so that there is nothing to give back */
  readonly ephemeral: boolean;
  /** whether addresses or forwarding stand on it */
  readonly early: boolean;
  /** of one to give back: why it stays as it is (dependents.ts), and only its note goes */
  readonly stays?: string;
}

export const sysctlKey = ({ name }: SysctlSpec): string => name;
export const sysctlFields = ({ value }: SysctlSpec): Record<'value', string> => ({ value });

/** Whether the kernel receives by threads what comes over a link (net/core/net-sysfs.c); since Linux 5.12. */
export const threadedOf = (link: string): string => `/sys/class/net/${link}/threaded`;

export const sysctlNote = (name: string): string => `${NOTE}${name}`;
/** What the notes of set-notes.ts call it. */
export const setName = (name: string): string => `sysctl:${name}`;
export const notedName = (note: string): string | undefined =>
  note.startsWith(NOTE) ? note.slice(NOTE.length) : undefined;
