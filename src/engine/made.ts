// Results that are kept while they are valid: those of a model alone (the desired objects), and those of a model and a host's answers.
import type { HostReader } from '../host/reader.ts';
import type { RouterModel } from '../model/types.ts';
import { desiredOf, observeKind } from './in-namespaces.ts';
import type { AnyResource, Desired, Observation } from './types.ts';

/** Replaces the model as the key for `down`, which has no model. */
const NOTHING = {};

/** @param name identifies the result, together with the model */
export const madeOn = <T>(
  host: HostReader,
  name: string,
  model: RouterModel | undefined,
  make: (host: HostReader) => Promise<T>,
): Promise<T> => host.made?.(name, model ?? NOTHING, make) ?? make(host);

/** The observation of a kind, made once per snapshot. */
export const observeOnce = (
  resource: AnyResource,
  host: HostReader,
  model: RouterModel | undefined,
): Promise<Observation<unknown>> =>
  madeOn(host, resource.kind, model, (reader) => observeKind(resource, reader, model));

const known = new WeakMap<RouterModel, Map<AnyResource, readonly Desired<unknown>[]>>();

/** Computed once per model, because a model never changes. */
export function desiredOnce(resource: AnyResource, model: RouterModel): readonly Desired<unknown>[] {
  const ofModel = known.get(model) ?? new Map<AnyResource, readonly Desired<unknown>[]>();
  known.set(model, ofModel);
  const found = ofModel.get(resource) ?? desiredOf(resource, model);
  ofModel.set(resource, found);
  return found;
}
