// Notes about the table in /run/wgospf: that we made one, and that nft could not make a second guard.
import { findProgram } from '../../host/find-program.ts';
import type { HostReader } from '../../host/reader.ts';
import { TABLE } from './spec.ts';

export const NFTABLES_NOTE: string = `nftables:${TABLE}`;
/** `PROGRAM MESSAGE`: with another nft, or after the next boot, wgospf tries again. */
export const FAULT_NOTE: string = `nftables-fault:${TABLE}`;

const programOf = async ({ files }: HostReader): Promise<string | undefined> => {
  const stat = await findProgram(files, 'nft');
  return stat && `${stat.size}/${stat.mtime}`;
};

export const faultNote = async (host: HostReader, message: string): Promise<string> =>
  `${(await programOf(host)) ?? ''} ${message}`;

/** Why there can be no table, as text: `missing` if there is no nft, or nft's error message; undefined if wgospf may try. */
export async function hindrance(host: HostReader, notes: ReadonlyMap<string, string>): Promise<string | undefined> {
  const program = await programOf(host);
  if (program === undefined) return 'missing';
  const fault = notes.get(FAULT_NOTE);
  return fault?.startsWith(`${program} `) === true ? fault.slice(program.length + 1) : undefined;
}
