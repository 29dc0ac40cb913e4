// The settings that the file asks for and those that a note says we changed. A noted one that is no longer asked for is
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
  // all together, so that a snapshot asks for them in one call
  const early = [...wantedBy(said).keys(), ...noted].map((name) => host.sysctl.read(name));
  const [model] = await Promise.all([completeOn(host, said), ...early]);
  const wanted = wantedBy(model);
  const barred = await withoutThreads(wanted, host);
  const objects: Observed<SysctlSpec>[] = [];
  for (const name of new Set([...wanted.keys(), ...noted])) {
    const spec = wanted.get(name) ?? { name, value: '', dev: undefined, ephemeral: false, early: false };
    const value = barred.has(name) ? spec.value : await host.sysctl.read(name);
    const before = wanted.has(name) ? undefined : notes.get(sysctlNote(name));
    // A setting of a link that is gone: only the note is left to drop.
    if (value === undefined && before === undefined) continue;
    const found = before === undefined || value === undefined ? undefined : { before, value };
    const stays = found && (await whyStays(name, found, notes, host));
    const kept = stays === undefined ? {} : { stays: `stays ${value ?? ''}: ${stays}` };
    objects.push({ spec: { ...spec, value: before ?? value ?? '', ...kept }, owned: before !== undefined });
  }
  return { objects, conditions: barred.size === 0 ? [] : [noThreads] };
};

/** What cannot be set here counts as it shall be, and is told. */
async function withoutThreads(wanted: ReadonlyMap<string, SysctlSpec>, host: HostReader): Promise<ReadonlySet<string>> {
  const names = [...wanted.values()].filter(({ name, dev = '' }) => name === threadedOf(dev)).map(({ name }) => name);
  // lo has what every link has
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

/** Only what is still as we set it, and needed by nobody else, is given back. */
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
