// Every link of the host but blank ones. A tun with a live wireguard-go behind it is a WireGuard link to us.
import type { Condition, Observation, Observed } from '../../engine/types.ts';
import type { KernelEvent } from '../../host/monitor-types.ts';
import type { Host, LinkInfo } from '../../host/types.ts';
import type { RouterModel } from '../../model/types.ts';
import { linksInUse } from './blank.ts';
import { isMarked, linkNote, type Found, type LinkSpec } from './spec.ts';

function kindOf(info: LinkInfo, userspace: ReadonlySet<string>): LinkSpec['kind'] {
  if (info.kind === 'wireguard' || info.kind === 'dummy') return info.kind;
  return info.kind === 'tun' && userspace.has(info.name) ? 'wireguard' : 'foreign';
}

function toSpec(info: LinkInfo, userspace: ReadonlySet<string>): LinkSpec {
  const kind = kindOf(info, userspace);
  const backend = kind !== 'wireguard' ? undefined : info.kind === 'tun' ? 'userspace' : 'kernel';
  const { name, up, mtu, alias } = info;
  return { name, kind, backend, up, mtu, foundMtu: undefined, marked: isMarked(alias) };
}

/** A borrowed link that the file names no more is shown as ours to give back: its spec says what it had before us. */
function givenBack(spec: LinkSpec, note: string): Observed<LinkSpec> {
  const { up, mtu } = JSON.parse(note) as Found;
  return { spec: { ...spec, kind: 'existing', up, mtu }, owned: true };
}

/** A borrowed link whose MTU the file does not say: it has the one that it was found with, or one that we set earlier. */
function asFound(spec: LinkSpec, note: string | undefined): LinkSpec {
  const foundMtu = note === undefined ? spec.mtu : (JSON.parse(note) as Found).mtu;
  return { ...spec, foundMtu, mtu: foundMtu === spec.mtu ? undefined : spec.mtu };
}

const absent = (name: string, line: number, file: string): Condition => ({
  code: 'interface-absent',
  severity: 'info',
  subject: name,
  message: `there is no interface ${name} yet (${file}:${line}); it is configured when it appears`,
});

export async function observeLinks(host: Host, model: RouterModel | undefined): Promise<Observation<LinkSpec>> {
  const [infos, userspace, notes] = await Promise.all([linksInUse(host), host.wg.userspaceDevices(), host.notes.all()]);
  const borrowed = (model?.interfaces ?? []).filter(({ kind }) => kind === 'existing');
  const objects = infos.map((info): Observed<LinkSpec> => {
    const spec = toSpec(info, new Set(userspace));
    const note = notes.get(linkNote(info.name));
    const wanted = borrowed.find(({ name }) => name === info.name);
    if (wanted !== undefined) return { spec: wanted.mtu === undefined ? asFound(spec, note) : spec, owned: false };
    return note === undefined ? { spec, owned: spec.marked } : givenBack(spec, note);
  });
  const present = new Set(infos.map(({ name }) => name));
  const conditions = borrowed
    .filter(({ name }) => !present.has(name))
    .map(({ name, source }) => absent(name, source.line, source.file));
  return { objects, conditions };
}

/**
 * The tun of a tunnel is taken for a live one: without its wireguard-go the kernel deletes it. The MTU of a borrowed link
 * whose MTU the file does not say counts as found; which one that was is known to the notes alone.
 */
export function linkFromEvent({ kind, object }: KernelEvent, model: RouterModel): Observed<LinkSpec> | undefined {
  if (kind !== 'link') return undefined;
  const { name } = object;
  const isTunnel = model.tunnels.some((tunnel) => tunnel.name === name);
  const spec = toSpec(object, isTunnel ? new Set([name]) : new Set());
  const borrowed = model.interfaces.find((local) => local.kind === 'existing' && local.name === name);
  if (borrowed === undefined) return { spec, owned: spec.marked };
  return { spec: borrowed.mtu === undefined ? { ...spec, mtu: undefined } : spec, owned: false };
}
