// What is made once and used as long as it is good: of a model alone (what a kind desires), or of a model and the answers of a host.
import type { HostReader } from '../host/reader.ts';
import type { RouterModel } from '../model/types.ts';
import { desiredOf, observeKind } from './in-namespaces.ts';
import type { AnyResource, Desired, Observation } from './types.ts';

/** Stands for the model where all of ours shall go. */
const NOTHING = {};

/** @param name says what it is, together with the model */
export const madeOn = <T>(
  host: HostReader,
  name: string,
  model: RouterModel | undefined,
  make: (host: HostReader) => Promise<T>,
): Promise<T> => host.made?.(name, model ?? NOTHING, make) ?? make(host);

/** What there is of a kind. */
export const observeOnce = (
  resource: AnyResource,
  host: HostReader,
  model: RouterModel | undefined,
): Promise<Observation<unknown>> =>
  madeOn(host, resource.kind, model, (reader) => observeKind(resource, reader, model));

const known = new WeakMap<RouterModel, Map<AnyResource, readonly Desired<unknown>[]>>();

/** A model is never changed, and so what follows from it stays: it is worked out once. */
export function desiredOnce(resource: AnyResource, model: RouterModel): readonly Desired<unknown>[] {
  const ofModel = known.get(model) ?? new Map<AnyResource, readonly Desired<unknown>[]>();
  known.set(model, ofModel);
  const found = ofModel.get(resource) ?? desiredOf(resource, model);
  ofModel.set(resource, found);
  return found;
}
