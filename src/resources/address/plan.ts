import type { Change, Operation } from '../../engine/types.ts';
import { formatPrefix } from '../../net/ip.ts';
import { interfaceGuard, linkGone, linkRef, MESH_GUARD } from '../tags.ts';
import { addressKey, type AddressSpec } from './spec.ts';

export interface AddressPayload {
  readonly do: 'add' | 'delete';
  readonly spec: AddressSpec;
}

type AddressOperation = Operation<AddressPayload>;

const command = (verb: 'add' | 'del', { dev, prefix }: AddressSpec): string =>
  `ip address ${verb} ${formatPrefix(prefix)} dev ${dev}`;

function add(spec: AddressSpec): AddressOperation {
  return {
    kind: 'address',
    key: addressKey(spec),
    stage: 'address-add',
    action: 'create',
    // Without the reverse guard its connected route in main would lead into the mesh, and a local interface is already up.
    requires: [linkRef(spec.dev), MESH_GUARD, interfaceGuard(spec.dev)],
    command: command('add', spec),
    impact: 'none',
    payload: { do: 'add', spec },
  };
}

function remove(spec: AddressSpec, stage: 'address-add' | 'address-remove'): AddressOperation {
  return {
    kind: 'address',
    key: addressKey(spec),
    stage,
    action: 'delete',
    requires: [linkRef(spec.dev)],
    // While the address exists, the host sends from it, and its connected route leads into the mesh.
    provides: [linkGone(spec.dev)],
    command: command('del', spec),
    impact: 'adjacency-reset',
    payload: { do: 'delete', spec },
  };
}

export function planAddress(change: Change<AddressSpec>): AddressOperation[] {
  switch (change.type) {
    case 'create':
      return [{ ...add(change.desired.spec), source: change.desired.source }];
    case 'update':
      // IPv6 cannot change the length of an address in place (net/ipv6/addrconf.c inet6_addr_modify).
      return [
        remove(change.observed.spec, 'address-add'),
        { ...add(change.desired.spec), source: change.desired.source },
      ];
    case 'delete':
      return [remove(change.observed.spec, 'address-remove')];
  }
}
