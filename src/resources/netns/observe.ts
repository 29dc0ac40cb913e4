// The namespace of the model, and those that a note marks as the mesh's present or earlier one.
import type { Observe, Observed } from '../../engine/types.ts';
import { hostIn } from '../../host/place.ts';
import type { HostReader } from '../../host/reader.ts';
import { placeOf } from '../../model/sides.ts';
import { notedNamespaces } from '../../engine/namespaces.ts';
import { netnsConditions } from './conditions.ts';
import type { NetnsSpec } from './spec.ts';

async function loopbackIsUp(host: HostReader): Promise<boolean> {
  return (await host.rtnl.links()).some(({ name, up }) => name === 'lo' && up);
}

async function look(host: HostReader, name: string, note: string | undefined): Promise<NetnsSpec> {
  const inside = await hostIn(host, name);
  return {
    name,
    loopback: inside !== undefined && (await loopbackIsUp(inside)),
    noted: note === undefined ? 'no' : note === 'made' ? 'made' : 'found',
    exists: inside !== undefined,
  };
}

export const observeNetns: Observe<NetnsSpec> = async (host, model) => {
  const noted = await notedNamespaces(host);
  const wanted = model === undefined ? '' : placeOf(model);
  const names = new Set([...noted.keys(), ...(wanted === '' ? [] : [wanted])]);
  const specs = await Promise.all([...names].map((name) => look(host, name, noted.get(name))));
  return {
    objects: specs
      // without its namespace a wanted one does not exist: the plan creates it
      .filter(({ exists, name }) => exists || name !== wanted)
      .map((spec): Observed<NetnsSpec> => ({ spec, owned: spec.noted !== 'no' })),
    conditions: model === undefined ? [] : await netnsConditions(host, model, [...noted.keys()]),
  };
};
