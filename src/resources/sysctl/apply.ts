import type { Host } from '../../host/types.ts';
import { noteSet, setKeys } from '../set-notes.ts';
import { besideNote, linksBeside } from './dependents.ts';
import type { SysctlPayload } from './plan.ts';
import { setName, sysctlNote } from './spec.ts';

export async function applySysctl({ do: verb, spec }: SysctlPayload, host: Host): Promise<void> {
  const { name, value, ephemeral } = spec;
  const now = await host.sysctl.read(name);
  if (verb === 'set') {
    if (now !== undefined && !ephemeral) {
      await host.notes.note(sysctlNote(name), now);
      await noteSet(host.notes, setName(name), value);
      const beside = await linksBeside(name, host);
      if (beside !== undefined) await host.notes.note(besideNote(name), beside.join(' '));
    }
    return host.sysctl.write(name, value);
  }
  if (verb === 'restore' && now !== undefined && now !== value) await host.sysctl.write(name, value);
  const set = await setKeys(host.notes, setName(name));
  return host.notes.forget(sysctlNote(name), besideNote(name), ...set);
}
