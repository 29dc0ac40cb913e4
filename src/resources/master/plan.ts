// A link goes down and up when it enters or leaves a VRF (cycle_netdev in drivers/net/vrf.c): it loses its routes, also BIRD's, and a
// WireGuard session starts again. The next round of the pass puts back what is ours.
import type { Change, Operation } from '../../engine/types.ts';
import { enslaved, interfaceGuard, linkRef, MESH_GUARD, SOCKETS_KEPT } from '../tags.ts';
import type { MasterSpec } from './spec.ts';

export interface MasterPayload {
  readonly link: string;
  /** '' takes the link out of its VRF */
  readonly vrf: string;
}

type MasterOperation = Operation<MasterPayload>;

/** @param up whether the link carries packets now: a link that is down enters the VRF before it gets its addresses */
function enslave({ link, vrf }: MasterSpec, up: boolean, action: 'create' | 'update'): MasterOperation {
  return {
    kind: 'master',
    key: link,
    stage: up ? 'link-enslave' : 'link-set',
    action,
    requires: [linkRef(link), linkRef(vrf), MESH_GUARD, interfaceGuard(link), interfaceGuard(vrf), SOCKETS_KEPT],
    provides: [enslaved(link)],
    command: `ip link set dev ${link} master ${vrf}`,
    impact: up ? 'traffic-gap' : 'none',
    payload: { link, vrf },
  };
}

/** By now the lookup rules of the new mode are in place, and the guards of both modes. */
const release = ({ link, up }: MasterSpec): MasterOperation => ({
  kind: 'master',
  key: link,
  stage: 'link-enslave',
  action: 'delete',
  requires: [linkRef(link), MESH_GUARD, interfaceGuard(link)],
  command: `ip link set dev ${link} nomaster`,
  impact: up ? 'traffic-gap' : 'none',
  payload: { link, vrf: '' },
});

export function planMaster(change: Change<MasterSpec>): MasterOperation[] {
  switch (change.type) {
    case 'create':
      return [{ ...enslave(change.desired.spec, false, 'create'), source: change.desired.source }];
    case 'update': {
      const { desired, observed } = change;
      return [{ ...enslave(desired.spec, observed.spec.up, 'update'), source: desired.source }];
    }
    case 'delete':
      return [release(change.observed.spec)];
  }
}
