// Every link of the host and of the mesh's namespace, except blank ones. A tun with a live wireguard-go counts as a WireGuard link.
import { allNamespaces } from '../../engine/namespaces.ts';
import type { Condition, Observe, Observed } from '../../engine/types.ts';
import type { KernelEvent } from '../../host/monitor-types.ts';
import type { HostReader } from '../../host/reader.ts';
import type { LinkInfo } from '../../host/types.ts';
import { placeOf } from '../../model/sides.ts';
import type { RouterModel } from '../../model/types.ts';
import { isMarked } from '../../net/names.ts';
import { isAsSet } from '../set-notes.ts';
import { meshLinks } from '../tags.ts';
import { linksInUse } from './blank.ts';
import { arrivedNote, movedNote } from './move.ts';
import { givenBack, usesOfLinks } from './give-back.ts';
import { linkNote, setMtu, startedNames, startedNote, type Found, type LinkSpec } from './spec.ts';

function kindOf(info: LinkInfo, userspace: ReadonlySet<string>): LinkSpec['kind'] {
  if (info.kind === 'wireguard' || info.kind === 'dummy' || info.kind === 'vrf') return info.kind;
  return info.kind === 'tun' && userspace.has(info.name) ? 'wireguard' : 'foreign';
}

function toSpec(info: LinkInfo, userspace: ReadonlySet<string>, netns: string): LinkSpec {
  const kind = kindOf(info, userspace);
  const backend = kind !== 'wireguard' ? undefined : info.kind === 'tun' ? 'userspace' : 'kernel';
  const { name, up, mtu, table } = info;
  const vrf = table === undefined ? {} : { table };
  return { name, kind, backend, up, mtu, foundMtu: undefined, marked: isMarked(info), netns, bare: false, ...vrf };
}

interface Placed {
  readonly info: LinkInfo;
  readonly netns: string;
  /** names of the links with a live wireguard-go in this namespace */
  readonly userspace: ReadonlySet<string>;
}

/** Of two links with one name: the one where the mesh wants it, or else the marked one. Each namespace has a `lo`. */
async function everywhere(host: HostReader, model: RouterModel | undefined): Promise<Placed[]> {
  const namespaces = await allNamespaces(host, model);
  const lists = await Promise.all(
    namespaces.map(async ({ netns, host: here }) => {
      const infos = await linksInUse(here);
      const userspace = infos.some(({ kind }) => kind === 'tun') ? await here.wg.userspaceDevices() : [];
      return infos
        .filter(({ name }) => netns === '' || name !== 'lo')
        .map((info): Placed => ({ info, netns, userspace: new Set(userspace) }));
    }),
  );
  const wanted = model === undefined ? '' : placeOf(model);
  const ours = new Set(model === undefined ? [] : meshLinks(model).map(({ name }) => name));
  const rank = ({ info, netns }: Placed): number =>
    ours.has(info.name) && netns === wanted ? 2 : isMarked(info) ? 1 : 0;
  const byName = Map.groupBy(lists.flat(), ({ info }) => info.name);
  return [...byName.values()].map((twins) => twins.reduce((best, one) => (rank(one) > rank(best) ? one : best)));
}

/** For a borrowed link without an MTU in the file: its MTU is the original one, or one that we set earlier. */
function asFound(spec: LinkSpec, note: string | undefined, notes: ReadonlyMap<string, string>): LinkSpec {
  const foundMtu = note === undefined ? spec.mtu : (JSON.parse(note) as Found).mtu;
  // somebody else set any other MTU, and it stays
  const isOurs = foundMtu !== spec.mtu && isAsSet(notes, setMtu(spec.name), String(spec.mtu)) === true;
  return { ...spec, foundMtu, mtu: isOurs ? spec.mtu : undefined };
}

const absent = (name: string, line: number, file: string): Condition => ({
  code: 'interface-absent',
  severity: 'info',
  subject: name,
  message: `there is no interface ${name} yet (${file}:${line}); it is configured when it appears`,
});

export const observeLinks: Observe<LinkSpec> = async (host, model) => {
  const [found, notes] = await Promise.all([everywhere(host, model), host.notes.all()]);
  const borrowed = (model?.interfaces ?? []).filter(({ kind }) => kind === 'existing');
  const names = new Set(borrowed.map(({ name }) => name));
  const leaving = found
    .map(({ info: { name } }) => name)
    .filter((name) => !names.has(name) && notes.has(linkNote(name)));
  const uses = leaving.length > 0 ? await usesOfLinks(host, leaving) : undefined;
  const objects = found.map(({ info, netns, userspace }): Observed<LinkSpec> => {
    const bare = notes.has(movedNote(info.name)) && !(netns !== '' && notes.has(arrivedNote(info.name)));
    const spec = { ...toSpec(info, userspace, netns), bare };
    const note = notes.get(linkNote(info.name));
    const wanted = borrowed.find(({ name }) => name === info.name);
    if (wanted !== undefined)
      return { spec: wanted.mtu === undefined ? asFound(spec, note, notes) : spec, owned: false };
    const started = spec.backend === 'userspace' && notes.has(startedNote(info.name));
    if (note === undefined || uses === undefined) return { spec, owned: spec.marked || started };
    // the file no longer names it, so it counts as ours to give back: its spec is what it gets back
    return { spec: givenBack(spec, JSON.parse(note) as Found, notes, uses), owned: true };
  });
  const present = new Set(found.map(({ info }) => info.name));
  const wanted = new Set(model?.tunnels.map(({ name }) => name));
  const ended = startedNames(notes)
    .filter((name) => !present.has(name) && !wanted.has(name))
    .map((name): Observed<LinkSpec> => ({ spec: endedSpec(name), owned: true }));
  const conditions = borrowed
    .filter(({ name }) => !present.has(name))
    .map(({ name, source }) => absent(name, source.line, source.file));
  return { objects: [...objects, ...ended], conditions };
};

const endedSpec = (name: string): LinkSpec => ({
  ...{ name, kind: 'wireguard', backend: 'userspace', up: false, mtu: undefined, foundMtu: undefined },
  ...{ marked: true, netns: '', bare: false, ended: true },
});

/**
 * The tun of a tunnel counts as live: without its wireguard-go the kernel deletes it. For a borrowed link without an MTU in the file,
 * the MTU counts as found; only the notes know the original one.
 */
export function linkFromEvent(event: KernelEvent, model: RouterModel): Observed<LinkSpec> | undefined {
  const { kind, object, netns = '' } = event;
  if (kind !== 'link' || isElsewhere(event, model)) return undefined;
  const { name } = object;
  const isTunnel = model.tunnels.some((tunnel) => tunnel.name === name);
  const spec = toSpec(object, isTunnel ? new Set([name]) : new Set(), netns);
  const borrowed = model.interfaces.find((local) => local.kind === 'existing' && local.name === name);
  if (borrowed === undefined) return { spec, owned: spec.marked };
  return { spec: borrowed.mtu === undefined ? { ...spec, mtu: undefined } : spec, owned: false };
}

/** A link of ours is made outside and moves in: its events on the other side are ignored, and those of an inner `lo`. */
function isElsewhere({ kind, action, object, netns = '' }: KernelEvent, model: RouterModel): boolean {
  if (kind !== 'link') return false;
  const wanted = placeOf(model);
  if (object.name === 'lo') return netns !== '';
  const borrowed = model.interfaces.some((local) => local.kind === 'existing' && local.name === object.name);
  if (borrowed) return netns !== wanted && action === 'deleted'; // when it appears outside, a pass moves it in
  return netns !== wanted && meshLinks(model).some(({ name }) => name === object.name);
}
