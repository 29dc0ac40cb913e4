// The state of a systemd unit, read only from files: its control group, and the symbolic links that enable it.
import { existsSync } from 'node:fs';
import type { Files } from './types.ts';

/** Folders in which `systemctl enable` and netplan's generator put symbolic links to units that start at boot. */
const WANTS = ['/etc/systemd/system', '/run/systemd/generator'].map((folder) => `${folder}/multi-user.target.wants`);

/** @param unit without `.service` */
export async function isUnitRunning(files: Pick<Files, 'read'>, unit: string): Promise<boolean> {
  const processes = await files.read(`/sys/fs/cgroup/system.slice/${unit}.service/cgroup.procs`);
  return processes !== undefined && processes.trim() !== '';
}

/** One run of a unit. */
export interface Invocation {
  /** differs after each start */
  readonly id: string;
  /** milliseconds since the epoch */
  readonly since: number;
}

/**
 * systemd writes it for the journal when the service starts (unit_export_invocation_id, src/core/unit.c); undefined if systemd
 * does not run the unit.
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
