import type { Change, ObjectRef, Operation } from '../../engine/types.ts';
import { WGOSPF_PROTOCOL } from '../../net/names.ts';
import { ALL_LINKS_GONE, linkRef, MESH_GUARD } from '../tags.ts';
import { isGuard, routeKey, routeText, type RouteSpec } from './spec.ts';

export interface RoutePayload {
  readonly do: 'add' | 'delete' | 'replace';
  readonly spec: RouteSpec;
  /** `replace`: the present route */
  readonly old?: RouteSpec;
}

type RouteOperation = Operation<RoutePayload>;

const ip = ({ dst }: RouteSpec): string => (dst.family === 6 ? 'ip -6' : 'ip');
const linkOf = ({ dev }: RouteSpec): ObjectRef[] => (dev === '' ? [] : [linkRef(dev)]);

function add(spec: RouteSpec): RouteOperation {
  const guard = isGuard(spec);
  return {
    kind: 'route',
    key: routeKey(spec),
    stage: guard ? 'guard-add' : 'route-add',
    action: 'create',
    requires: linkOf(spec),
    provides: guard ? [MESH_GUARD] : [],
    command: `${ip(spec)} route add ${routeText(spec)} proto ${WGOSPF_PROTOCOL}`,
    impact: 'none',
    payload: { do: 'add', spec },
  };
}

function remove(spec: RouteSpec): RouteOperation {
  const guard = isGuard(spec);
  return {
    kind: 'route',
    key: routeKey(spec),
    stage: guard ? 'guard-remove' : 'route-remove',
    action: 'delete',
    requires: [...linkOf(spec), ...(guard ? [ALL_LINKS_GONE] : [])],
    command: `${ip(spec)} route del ${routeText(spec)} proto ${spec.protocol}`,
    impact: 'none',
    payload: { do: 'delete', spec },
  };
}

export function planRoute(change: Change<RouteSpec>): RouteOperation[] {
  switch (change.type) {
    case 'create':
      // the kernel makes its own routes with the address
      return change.desired.borrowed === true ? [] : [{ ...add(change.desired.spec), source: change.desired.source }];
    case 'delete':
      return [remove(change.observed.spec)];
    case 'update': {
      const { desired, observed } = change;
      const operation = add(desired.spec);
      if (observed.spec.flushed === true) return [{ ...operation, source: desired.source }];
      return [
        {
          ...operation,
          action: 'update',
          source: desired.source,
          command: operation.command.replace(' route add ', ' route replace '),
          payload: { do: 'replace', spec: desired.spec, old: observed.spec },
        },
      ];
    }
  }
}
