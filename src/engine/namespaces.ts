// The network namespaces of the mesh: the agent's own ('', "outside"), and those that are or were the mesh's. Notes record the
// latter: `netns:NAME` is `made` if we made the namespace, and `found` if it existed before.
import { hostAt, hostIn } from '../host/place.ts';
import type { HostReader } from '../host/reader.ts';
import type { Host, WgDevice } from '../host/types.ts';
import { placeOf } from '../model/sides.ts';
import type { RouterModel } from '../model/types.ts';
import type { Tag } from './types.ts';

const NETNS_NOTE = 'netns:';
export const netnsNote = (name: string): string => `${NETNS_NOTE}${name}`;

/** True when the namespace exists. */
export const netnsReady = (name: string): Tag => `done netns:${name}`;

/** True when all operations inside have succeeded. If one fails, the namespace stays noted, and later passes still look into it. */
export const insideDone = (name: string): Tag => `done inside:${name}`;

/** Prefix of the notes with the values of a borrowed link, outside, before our first change. */
export const LINK_NOTE = 'link:';

export interface Namespace {
  /** '' outside */
  readonly netns: string;
  readonly host: HostReader;
  /** we made the namespace: it is deleted with everything in it */
  readonly made: boolean;
}

/** The noted namespaces, by name, with the note's value (`made` or `found`). They may no longer exist. */
export async function notedNamespaces(host: HostReader): Promise<ReadonlyMap<string, string>> {
  const notes = [...(await host.notes.all())].filter(([key]) => key.startsWith(NETNS_NOTE));
  return new Map(notes.map(([key, value]) => [key.slice(NETNS_NOTE.length), value]));
}

/** The existing namespaces of the mesh, the model's first. */
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

/** The agent's namespace, then those of the mesh. */
export const allNamespaces = async (host: HostReader, model: RouterModel | undefined): Promise<Namespace[]> => [
  { netns: '', host, made: false },
  ...(await meshNamespaces(host, model)),
];

/** The tunnels' WireGuard devices in all namespaces. */
export async function tunnelDevices(host: HostReader, model: RouterModel | undefined): Promise<WgDevice[]> {
  const namespaces = await allNamespaces(host, model);
  const names = (model?.tunnels ?? []).map(({ name }) => name);
  return (await Promise.all(namespaces.map((one) => one.host.wg.devices(names)))).flat();
}

/** This prefix distinguishes a note of an object inside from the note of an object of the same name outside. */
const prefixOf = (netns: string): string => `in ${netns} `;

/** The keys of a namespace's notes, with their prefix. */
export const notesInside = async (netns: string, { notes }: Pick<HostReader, 'notes'>): Promise<string[]> =>
  [...(await notes.all()).keys()].filter((key) => key.startsWith(prefixOf(netns)));

/** A reader of the namespace. It sees the namespace's own notes, and the notes of links, which come from outside. */
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

/** The writer for a namespace. Throws a HostError ENOENT if the namespace does not exist. */
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
