import type { Change, Desired, Operation } from '../../engine/types.ts';
import { advertisementsKept, FORWARDING_BACK, interfaceGuard, linkRef, MESH_GUARD, SOCKETS_KEPT } from '../tags.ts';
import type { SysctlSpec } from './spec.ts';

export interface SysctlPayload {
  /** `leave`: the value stays, and is foreign from now on */
  readonly do: 'set' | 'restore' | 'leave';
  readonly spec: SysctlSpec;
}

type SysctlOperation = Operation<SysctlPayload>;

const isForwarding = ({ name }: SysctlSpec): boolean => /\b(ip_forward|forwarding)$/.test(name);

function set({ spec, source }: Desired<SysctlSpec>, action: 'create' | 'update'): SysctlOperation {
  const { dev, name, value, early } = spec;
  return {
    kind: 'sysctl',
    key: name,
    stage: early ? 'sysctl-prepare' : 'sysctl-set',
    action,
    ...(name.endsWith('_l3mdev_accept') ? { provides: [SOCKETS_KEPT] } : {}),
    // Forwarding without guards is the leak itself.
    ...(name.endsWith('.accept_ra') && dev !== undefined ? { provides: [advertisementsKept(dev)] } : {}),
    requires: dev === undefined ? [MESH_GUARD, interfaceGuard('*'), advertisementsKept('*')] : [linkRef(dev)],
    command: name.startsWith('/') ? `echo ${value} > ${name}` : `sysctl -w ${name}=${value}`,
    impact: 'none',
    payload: { do: 'set', spec },
    source,
  };
}

export function planSysctl(change: Change<SysctlSpec>): SysctlOperation[] {
  switch (change.type) {
    case 'create':
    case 'update':
      return [set(change.desired, change.type)];
    case 'delete': {
      const { spec } = change.observed;
      return [
        {
          kind: 'sysctl',
          key: spec.name,
          stage: 'sysctl-restore',
          action: 'delete',
          // the guards stay as long as packets are forwarded that were not before
          ...(isForwarding(spec) ? { provides: [FORWARDING_BACK] } : {}),
          command:
            spec.stays === undefined
              ? `sysctl -w ${spec.name}=${spec.value}  # as it was before`
              : `true  # ${spec.name} ${spec.stays}`,
          impact: 'none',
          payload: { do: spec.stays === undefined ? 'restore' : 'leave', spec },
        },
      ];
    }
  }
}
