// Every link of the host. A tun with a live wireguard-go behind it is a WireGuard link to us. A blank dummy counts as
// absent: loading the kernel's dummy module makes a dummy0 that nobody asked for, just as we want to make ours.
import type { Condition, Observation, Observed } from '../../engine/types.ts';
import type { AddressInfo, Host, LinkInfo } from '../../host/types.ts';
import type { RouterModel } from '../../model/types.ts';
import { isMarked, linkNote, type LinkSpec } from './spec.ts';

function kindOf(info: LinkInfo, userspace: ReadonlySet<string>): LinkSpec['kind'] {
  if (info.kind === 'wireguard' || info.kind === 'dummy') return info.kind;
  return info.kind === 'tun' && userspace.has(info.name) ? 'wireguard' : 'foreign';
}

function toSpec(info: LinkInfo, userspace: ReadonlySet<string>): LinkSpec {
  const kind = kindOf(info, userspace);
  const backend = kind !== 'wireguard' ? undefined : info.kind === 'tun' ? 'userspace' : 'kernel';
  return { name: info.name, kind, backend, up: info.up, mtu: info.mtu, marked: isMarked(info.alias) };
}

interface Before {
  readonly up: boolean;
  readonly mtu: number;
}

/** A borrowed link that the file names no more is shown as ours to give back: its spec says what it had before us. */
function givenBack(spec: LinkSpec, note: string): Observed<LinkSpec> {
  const { up, mtu } = JSON.parse(note) as Before;
  return { spec: { ...spec, kind: 'existing', up, mtu }, owned: true };
}

const absent = (name: string, line: number, file: string): Condition => ({
  code: 'interface-absent',
  severity: 'info',
  subject: name,
  message: `there is no interface ${name} yet (${file}:${line}); it is configured when it appears`,
});

/** Down, unmarked and without an address: as the module leaves it. */
export const isBlankDummy = ({ name, kind, up, alias }: LinkInfo, addresses: readonly AddressInfo[]): boolean =>
  kind === 'dummy' && !up && alias === '' && !addresses.some(({ dev }) => dev === name);

export async function observeLinks(host: Host, model: RouterModel | undefined): Promise<Observation<LinkSpec>> {
  const [links, addresses, userspace, notes] = await Promise.all([
    host.rtnl.links(),
    host.rtnl.addresses(),
    host.wg.userspaceDevices(),
    host.notes.all(),
  ]);
  const infos = links.filter((info) => !isBlankDummy(info, addresses));
  const borrowed = (model?.interfaces ?? []).filter(({ kind }) => kind === 'existing');
  const objects = infos.map((info): Observed<LinkSpec> => {
    const spec = toSpec(info, new Set(userspace));
    const note = notes.get(linkNote(info.name));
    if (note !== undefined && !borrowed.some(({ name }) => name === info.name)) return givenBack(spec, note);
    return { spec, owned: spec.marked };
  });
  const present = new Set(infos.map(({ name }) => name));
  const conditions = borrowed
    .filter(({ name }) => !present.has(name))
    .map(({ name, source }) => absent(name, source.line, source.file));
  return { objects, conditions };
}
