// One kernel setting. Its value before us is noted in /run/wgospf and restored.
import { SYSCTL_NOTE as NOTE } from '../tags.ts';

export interface SysctlSpec {
  /** as in sysctl.d(5): a `/` replaces a dot inside a name; or the path of a link's attribute in /sys */
  readonly name: string;
  readonly value: string;
  /** its link; undefined for a setting of the whole host */
  readonly dev: string | undefined;
  /** whether the setting goes with its link, so that there is nothing to give back */
  readonly ephemeral: boolean;
  /** whether addresses or forwarding need it first */
  readonly early: boolean;
  /** for a setting to give back: why the value stays (dependents.ts), so that only its note goes */
  readonly stays?: string;
}

export const sysctlKey = ({ name }: SysctlSpec): string => name;
export const sysctlFields = ({ value }: SysctlSpec): Record<'value', string> => ({ value });

/** Whether kernel threads receive the packets of a link (net/core/net-sysfs.c); since Linux 5.12. */
export const threadedOf = (link: string): string => `/sys/class/net/${link}/threaded`;

export const sysctlNote = (name: string): string => `${NOTE}${name}`;
/** The name of the setting in the notes of set-notes.ts. */
export const setName = (name: string): string => `sysctl:${name}`;
export const notedName = (note: string): string | undefined =>
  note.startsWith(NOTE) ? note.slice(NOTE.length) : undefined;
