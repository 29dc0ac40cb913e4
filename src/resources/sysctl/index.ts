// Kernel settings (sysctl): noted before the first change, and restored at the end.
import type { Resource } from '../../engine/types.ts';
import { applySysctl } from './apply.ts';
import { desiredSysctls } from './desired.ts';
import { observeSysctls, sysctlFromEvent } from './observe.ts';
import { planSysctl, type SysctlPayload } from './plan.ts';
import { sysctlFields, sysctlKey, type SysctlSpec } from './spec.ts';

export const sysctl: Resource<SysctlSpec, SysctlPayload, 'value'> = {
  kind: 'sysctl',
  lives: 'mesh',
  key: sysctlKey,
  fields: sysctlFields,
  desired: desiredSysctls,
  observe: observeSysctls,
  fromEvent: sysctlFromEvent,
  plan: planSysctl,
  apply: applySysctl,
  adoptable: false,
};
