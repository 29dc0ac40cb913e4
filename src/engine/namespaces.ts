// The network namespaces of the mesh: the one that the agent runs in ('', "outside"), and those that are or were the mesh's. Notes tell
// the latter: `netns:NAME`, `made` where we made it and `found` where it was there before us.
import { hostAt, hostIn } from '../host/place.ts';
import type { HostReader } from '../host/reader.ts';
import type { Host, WgDevice } from '../host/types.ts';
import { placeOf } from '../model/sides.ts';
import type { RouterModel } from '../model/types.ts';
import type { Tag } from './types.ts';

const NETNS_NOTE = 'netns:';
export const netnsNote = (name: string): string => `${NETNS_NOTE}${name}`;

/** Done when the namespace is there. */
export const netnsReady = (name: string): Tag => `done netns:${name}`;

/** Done when what one operation does inside is done: with a failed one the namespace stays ours to look into. */
export const insideDone = (name: string): Tag => `done inside:${name}`;

/** The note with what a borrowed link was before us, outside. */
export const LINK_NOTE = 'link:';

export interface Namespace {
  /** '' outside */
  readonly netns: string;
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
export async function meshNamespaces(host: HostReader, model: RouterModel | undefined): Promise<Namespace[]> {
  const noted = await notedNamespaces(host);
  const wanted = model === undefined ? '' : placeOf(model);
  const names = new Set([...(wanted === '' ? [] : [wanted]), ...noted.keys()]);
  const found = await Promise.all(
    [...names].map(async (netns): Promise<Namespace | undefined> => {
      const inside = await hostIn(host, netns);
      return inside && { netns, host: readerInside(netns, inside), made: noted.get(netns) === 'made' };
    }),
  );
  return found.filter((one) => one !== undefined);
}

/** All of them, outside first. */
export const allNamespaces = async (host: HostReader, model: RouterModel | undefined): Promise<Namespace[]> => [
  { netns: '', host, made: false },
  ...(await meshNamespaces(host, model)),
];

/** The tunnels' WireGuard devices, of all namespaces. */
export async function tunnelDevices(host: HostReader, model: RouterModel | undefined): Promise<WgDevice[]> {
  const namespaces = await allNamespaces(host, model);
  const names = (model?.tunnels ?? []).map(({ name }) => name);
  return (await Promise.all(namespaces.map((one) => one.host.wg.devices(names)))).flat();
}

/** Notes about things inside are told from those of the same name outside by this in front. */
const prefixOf = (netns: string): string => `in ${netns} `;

/** The notes of a namespace as the notes of the host have them. */
export const notesInside = async (netns: string, { notes }: Pick<HostReader, 'notes'>): Promise<string[]> =>
  [...(await notes.all()).keys()].filter((key) => key.startsWith(prefixOf(netns)));

/** The inside with notes of its own, and those of the links that it has from outside. */
function readerInside(netns: string, host: HostReader): HostReader {
  const prefix = prefixOf(netns);
  const all = async (): Promise<ReadonlyMap<string, string>> => {
    const notes = [...(await host.notes.all())];
    const own = notes.filter(([key]) => key.startsWith(prefix));
    const links = notes.filter(([key]) => key.startsWith(LINK_NOTE));
    return new Map([...links, ...own.map(([key, value]) => [key.slice(prefix.length), value] as const)]);
  };
  const made: HostReader['made'] = (name, of, work) =>
    host.made?.(name, of, (reader) => work(readerInside(netns, reader))) ?? work({ ...host, notes: { all } });
  return { ...host, notes: { all }, made };
}

/** For who writes; a HostError ENOENT where there is no such namespace. */
export async function writerIn(outside: Host, netns: string): Promise<Host> {
  if (netns === '') return outside;
  const host = await hostAt(outside, netns);
  const prefix = prefixOf(netns);
  const { notes } = host;
  return {
    ...host,
    notes: {
      all: readerInside(netns, host).notes.all,
      note: (key, value) => notes.note(`${prefix}${key}`, value),
      forget: (...keys) => notes.forget(...keys.map((key) => `${prefix}${key}`)),
    },
  };
}
