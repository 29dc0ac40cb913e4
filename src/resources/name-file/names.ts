// The drop-ins that give our table and protocol a name in iproute2's output. Pure text.
import type { RouterModel } from '../../model/types.ts';
import { WGOSPF_PROTOCOL } from '../../net/names.ts';

export interface NameFileSpec {
  readonly path: string;
  readonly text: string;
}

export const TABLES_FILE = '/etc/iproute2/rt_tables.d/wgospf.conf';
export const PROTOCOLS_FILE = '/etc/iproute2/rt_protos.d/wgospf.conf';
export const HEADER = '# Managed by wgospf; changes made here are overwritten.';

/** Files that may use the table's number or name otherwise; iproute2 6.7 and later install theirs under /usr. */
export const OTHER_TABLE_FILES = ['/etc/iproute2/rt_tables', '/usr/share/iproute2/rt_tables'] as const;

const file = (path: string, id: number, name: string): NameFileSpec => ({ path, text: `${HEADER}\n${id}\t${name}\n` });

export function nameFiles(model: RouterModel): NameFileSpec[] {
  const { main, table } = model.mesh;
  const protocol = file(PROTOCOLS_FILE, WGOSPF_PROTOCOL, 'wgospf');
  return main ? [protocol] : [protocol, file(TABLES_FILE, table.id, table.name)];
}

/** The entry of an rt_tables file that contradicts our number or name; undefined if there is none. */
export function nameConflict(text: string, table: { id: number; name: string }): string | undefined {
  for (const line of text.split('\n')) {
    const [id, name] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (id === undefined || name === undefined) continue;
    if ((Number(id) === table.id) !== (name === table.name)) return `${id} ${name}`;
  }
  return undefined;
}
