// The settings that the file asks for and those that a note says we changed. A noted one that is no longer asked for is
// ours to give back.
import type { Observation, Observed } from '../../engine/types.ts';
import type { KernelEvent } from '../../host/monitor-types.ts';
import type { Host } from '../../host/types.ts';
import type { RouterModel } from '../../model/types.ts';
import { desiredSysctls } from './desired.ts';
import { notedName, sysctlNote, type SysctlSpec } from './spec.ts';

export async function observeSysctls(host: Host, model: RouterModel | undefined): Promise<Observation<SysctlSpec>> {
  const wanted = new Map((model === undefined ? [] : desiredSysctls(model)).map(({ spec }) => [spec.name, spec]));
  const notes = await host.notes.all();
  const noted = [...notes.keys()].map(notedName).filter((name) => name !== undefined);
  const objects: Observed<SysctlSpec>[] = [];
  for (const name of new Set([...wanted.keys(), ...noted])) {
    const spec = wanted.get(name) ?? { name, value: '', dev: undefined, ephemeral: false, early: false };
    const value = await host.sysctl.read(name);
    const before = wanted.has(name) ? undefined : notes.get(sysctlNote(name));
    // A setting of a link that is gone: only the note is left to drop.
    if (value === undefined && before === undefined) continue;
    objects.push({ spec: { ...spec, value: before ?? value ?? '' }, owned: before !== undefined });
  }
  return { objects };
}

export const sysctlFromEvent = ({ kind, object }: KernelEvent): Observed<SysctlSpec> | undefined =>
  kind === 'setting'
    ? { spec: { ...object, dev: undefined, ephemeral: false, early: false }, owned: false }
    : undefined;
