// Routes of the mesh table that are not BIRD's: connected networks and the guard default.
import type { Resource } from '../../engine/types.ts';
import { applyRoute } from './apply.ts';
import { desiredRoutes } from './desired.ts';
import { observeRoutes, routeFromEvent } from './observe.ts';
import { planRoute, type RoutePayload } from './plan.ts';
import { routeFields, routeKey, type RouteField, type RouteSpec } from './spec.ts';

export const route: Resource<RouteSpec, RoutePayload, RouteField> = {
  kind: 'route',
  lives: 'mesh',
  key: routeKey,
  fields: routeFields,
  words: { dev: 'interface', via: 'next hop', hops: 'next hops', nexthop: 'nexthop object' },
  desired: desiredRoutes,
  observe: observeRoutes,
  fromEvent: routeFromEvent,
  plan: planRoute,
  apply: applyRoute,
  adoptable: false,
};
