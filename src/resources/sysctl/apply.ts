import type { Host } from '../../host/types.ts';
import type { SysctlPayload } from './plan.ts';
import { sysctlNote } from './spec.ts';

export async function applySysctl({ do: verb, spec }: SysctlPayload, host: Host): Promise<void> {
  const { name, value, ephemeral } = spec;
  const now = await host.sysctl.read(name);
  if (verb === 'set') {
    if (now !== undefined && !ephemeral) await host.notes.note(sysctlNote(name), now);
    return host.sysctl.write(name, value);
  }
  if (now !== undefined && now !== value) await host.sysctl.write(name, value);
  return host.notes.forget(sysctlNote(name));
}
