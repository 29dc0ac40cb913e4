// Where to look for the mesh's objects: the host itself, and the namespaces that are or were the mesh's. Notes tell the latter:
// `netns:NAME`, `made` where we made it and `found` where it was there before us.
import { hostIn } from '../host/place.ts';
import type { HostReader } from '../host/reader.ts';
import type { BirdService, Host, WgDevice } from '../host/types.ts';
import { placeOf } from '../model/sides.ts';
import type { RouterModel } from '../model/types.ts';
import { LINK_NOTE } from './tags.ts';

const NETNS_NOTE = 'netns:';
export const netnsNote = (name: string): string => `${NETNS_NOTE}${name}`;

/** Done when the namespace is there. */
export const netnsReady = (name: string): string => `netns:${name}`;

/** Done when what one operation does inside is done: with a failed one the namespace stays ours to look into. */
export const insideDone = (name: string): string => `inside:${name}`;

export interface Place {
  /** '' outside */
  readonly name: string;
  readonly host: HostReader;
  /** we made the namespace: what is in it goes with it */
  readonly made: boolean;
}

/** Names of the noted namespaces with what is noted, whether or not they are there. */
export async function notedNamespaces(host: HostReader): Promise<ReadonlyMap<string, string>> {
  const notes = [...(await host.notes.all())].filter(([key]) => key.startsWith(NETNS_NOTE));
  return new Map(notes.map(([key, value]) => [key.slice(NETNS_NOTE.length), value]));
}

/** The namespaces of the mesh that are there, the model's first. */
export async function meshNamespaces(host: HostReader, model: RouterModel | undefined): Promise<Place[]> {
  const noted = await notedNamespaces(host);
  const wanted = model === undefined ? '' : placeOf(model);
  const names = new Set([...(wanted === '' ? [] : [wanted]), ...noted.keys()]);
  const places = await Promise.all(
    [...names].map(async (name): Promise<Place | undefined> => {
      const found = await hostIn(host, name);
      return found && { name, host: found, made: noted.get(name) === 'made' };
    }),
  );
  return places.filter((place) => place !== undefined);
}

/** All places, outside first. */
export const meshPlaces = async (host: HostReader, model: RouterModel | undefined): Promise<Place[]> => [
  { name: '', host, made: false },
  ...(await meshNamespaces(host, model)),
];

/** The tunnels' WireGuard devices, of all places. */
export async function tunnelDevices(host: HostReader, model: RouterModel | undefined): Promise<WgDevice[]> {
  const places = await meshPlaces(host, model);
  const names = (model?.tunnels ?? []).map(({ name }) => name);
  return (await Promise.all(places.map((place) => place.host.wg.devices(names)))).flat();
}

/** Notes about things inside are told from those of the same name outside by this in front. */
export const insidePrefix = (name: string): string => `in ${name} `;

/** The inside with notes of its own, and those of the links that it has from outside: for who reads, */
export function readerInside(name: string, host: HostReader): HostReader {
  const prefix = insidePrefix(name);
  const all = async (): Promise<ReadonlyMap<string, string>> => {
    const notes = [...(await host.notes.all())];
    const own = notes.filter(([key]) => key.startsWith(prefix));
    const links = notes.filter(([key]) => key.startsWith(LINK_NOTE));
    return new Map([...links, ...own.map(([key, value]) => [key.slice(prefix.length), value] as const)]);
  };
  return { ...host, notes: { all } };
}

/** and for who writes. */
export function hostInside(name: string, host: Host): Host {
  const prefix = insidePrefix(name);
  const { notes } = host;
  const { all } = readerInside(name, host).notes;
  return {
    ...host,
    notes: {
      all,
      note: (key, value) => notes.note(`${prefix}${key}`, value),
      forget: (...keys) => notes.forget(...keys.map((key) => `${prefix}${key}`)),
    },
  };
}

const SERVICE_NOTE = 'bird-service:';
export const serviceNote = (netns: string): string => `${SERVICE_NOTE}${netns}`;

/** The BIRDs that we started inside. */
export async function notedServices(host: HostReader): Promise<BirdService[]> {
  const notes = [...(await host.notes.all())].filter(([key]) => key.startsWith(SERVICE_NOTE));
  return notes.map(([key, value]) => ({
    ...(JSON.parse(value) as Omit<BirdService, 'netns'>),
    netns: key.slice(SERVICE_NOTE.length),
  }));
}
