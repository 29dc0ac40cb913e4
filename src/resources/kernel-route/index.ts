// The kernel's own routes, which wgospf puts back if somebody flushed them.
import type { Resource } from '../../engine/types.ts';
import { meshLinks } from '../tags.ts';
import { applyKernelRoute } from './apply.ts';
import { kernelRouteFromEvent, observeKernelRoutes } from './observe.ts';
import { planKernelRoutes, type KernelRoutePayload } from './plan.ts';
import { kernelRouteFields, kernelRouteKey, type KernelRouteSpec } from './spec.ts';

export const kernelRoute: Resource<KernelRouteSpec, KernelRoutePayload, 'missing' | 'stale'> = {
  kind: 'kernel-route',
  lives: 'mesh',
  key: kernelRouteKey,
  fields: kernelRouteFields,
  desired: (model) =>
    meshLinks(model).map(({ name, source }) => ({
      spec: { link: name, missing: [], stale: [] },
      source,
      borrowed: true,
    })),
  observe: observeKernelRoutes,
  fromEvent: kernelRouteFromEvent,
  plan: planKernelRoutes,
  apply: applyKernelRoute,
  adoptable: false,
};
