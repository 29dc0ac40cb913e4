// What systemd makes of a unit, told by files alone: its control group and the links that enable it.
import { existsSync } from 'node:fs';
import type { Files } from './types.ts';

/** Where `systemctl enable` and netplan's generator put links to units that start at boot. */
const WANTS = ['/etc/systemd/system', '/run/systemd/generator'].map((folder) => `${folder}/multi-user.target.wants`);

/** @param unit without `.service` */
export async function isUnitRunning(files: Pick<Files, 'read'>, unit: string): Promise<boolean> {
  const processes = await files.read(`/sys/fs/cgroup/system.slice/${unit}.service/cgroup.procs`);
  return processes !== undefined && processes.trim() !== '';
}

/** One run of a unit. */
export interface Invocation {
  /** another one after each start */
  readonly id: string;
  /** milliseconds since the epoch */
  readonly since: number;
}

/**
 * systemd notes it for the journal as its service starts (unit_export_invocation_id, src/core/unit.c); undefined where it is not
 * systemd that runs it.
 * @param unit without `.service`
 */
export async function invocationOf(files: Pick<Files, 'link'>, unit: string): Promise<Invocation | undefined> {
  const link = await files.link(`/run/systemd/units/invocation:${unit}.service`);
  return link && { id: link.target, since: link.mtime };
}

/** @param unit without `.service`; a service of multi-user.target */
export async function isUnitEnabled(files: Pick<Files, 'stat'>, unit: string): Promise<boolean> {
  const links = await Promise.all(WANTS.map((folder) => files.stat(`${folder}/${unit}.service`)));
  return links.some((link) => link !== undefined);
}

/** Whether systemd runs here (sd_booted(3)). */
export const bySystemd = (): boolean => existsSync('/run/systemd/system');
