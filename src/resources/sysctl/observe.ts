// The settings that the file needs, and those that we changed by our notes. A noted setting that is no longer needed is
// ours to give back.
import { completeOn } from '../../engine/complete.ts';
import type { Condition, Observe, Observed } from '../../engine/types.ts';
import type { KernelEvent } from '../../host/monitor-types.ts';
import type { HostReader } from '../../host/reader.ts';
import type { RouterModel } from '../../model/types.ts';
import { isAsSet } from '../set-notes.ts';
import { dependentOn } from './dependents.ts';
import { desiredSysctls } from './desired.ts';
import { notedName, setName, sysctlNote, threadedOf, type SysctlSpec } from './spec.ts';

const wantedBy = (model: RouterModel | undefined): Map<string, SysctlSpec> =>
  new Map((model === undefined ? [] : desiredSysctls(model)).map(({ spec }) => [spec.name, spec]));

export const observeSysctls: Observe<SysctlSpec> = async (host, said) => {
  const notes = await host.notes.all();
  const noted = [...notes.keys()].map(notedName).filter((name) => name !== undefined);
  // all at once, so that a snapshot needs one call
  const early = [...wantedBy(said).keys(), ...noted].map((name) => host.sysctl.read(name));
  const [model] = await Promise.all([completeOn(host, said), ...early]);
  const wanted = wantedBy(model);
  const barred = await withoutThreads(wanted, host);
  const objects: Observed<SysctlSpec>[] = [];
  for (const name of new Set([...wanted.keys(), ...noted])) {
    const spec = wanted.get(name) ?? { name, value: '', dev: undefined, ephemeral: false, early: false };
    const value = barred.has(name) ? spec.value : await host.sysctl.read(name);
    const before = wanted.has(name) ? undefined : notes.get(sysctlNote(name));
    // The link of the setting is gone: only the note is left to delete.
    if (value === undefined && before === undefined) continue;
    const found = before === undefined || value === undefined ? undefined : { before, value };
    const stays = found && (await whyStays(name, found, notes, host));
    const kept = stays === undefined ? {} : { stays: `stays ${value ?? ''}: ${stays}` };
    objects.push({ spec: { ...spec, value: before ?? value ?? '', ...kept }, owned: before !== undefined });
  }
  return { objects, conditions: barred.size === 0 ? [] : [noThreads] };
};

/** A setting that is impossible here counts as desired, and is reported. */
async function withoutThreads(wanted: ReadonlyMap<string, SysctlSpec>, host: HostReader): Promise<ReadonlySet<string>> {
  const names = [...wanted.values()].filter(({ name, dev = '' }) => name === threadedOf(dev)).map(({ name }) => name);
  // lo has every attribute that other links have
  const isThere = names.length === 0 || (await host.sysctl.read(threadedOf('lo'))) !== undefined;
  return new Set(isThere ? [] : names);
}

const noThreads: Condition = {
  code: 'threaded-unavailable',
  severity: 'warning',
  subject: 'wireguard.threaded',
  message:
    'the kernel has no threaded NAPI (Linux 5.12), or /sys is read-only here, as in many containers: the tunnels have what the kernel ' +
    'gives them; wireguard: {threaded: auto} does without',
};

/** A setting is given back only if our value is still there and nobody else needs it. */
async function whyStays(
  name: string,
  { before, value }: { readonly before: string; readonly value: string },
  notes: ReadonlyMap<string, string>,
  host: HostReader,
): Promise<string | undefined> {
  if (before === value) return undefined;
  if (isAsSet(notes, setName(name), value) === false) return 'somebody set it so since';
  return dependentOn(name, value, host, notes);
}

export const sysctlFromEvent = ({ kind, object }: KernelEvent): Observed<SysctlSpec> | undefined =>
  kind === 'setting'
    ? { spec: { ...object, dev: undefined, ephemeral: false, early: false }, owned: false }
    : undefined;
