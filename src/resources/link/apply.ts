import { isHostError } from '../../host/error.ts';
import { hostAt } from '../../host/place.ts';
import type { Host, LinkChange, NewLink } from '../../host/types.ts';
import { LINK_MARK } from '../../net/names.ts';
import { noteSet, setKeys } from '../set-notes.ts';
import { isBlank } from './blank.ts';
import { giveBackMoved, moveLink } from './move.ts';
import type { LinkPayload } from './plan.ts';
import { linkNote, setMtu, startedNote, type Found, type LinkSpec } from './spec.ts';

/** If a link of that name exists, takes it over only if it is blank. */
async function make({ name, kind, mtu, table }: LinkSpec, host: Host): Promise<void> {
  const made = kind === 'dummy' || kind === 'vrf' ? kind : 'wireguard';
  const wanted: NewLink = { name, kind: made, alias: LINK_MARK, mtu, ...(table === undefined ? {} : { table }) };
  try {
    await host.rtnl.addLink(wanted);
  } catch (error) {
    if (!isHostError(error, 'EEXIST') || !(await isBlank(host, name))) throw error;
    // a blank VRF may have another table, which never changes
    if (kind === 'vrf') await remake(wanted, host);
    else await host.rtnl.setLink(name, markedWith(mtu));
  }
}

async function remake(link: NewLink, host: Host): Promise<void> {
  await host.rtnl.deleteLink(link.name);
  await host.rtnl.addLink(link);
}

const markedWith = (mtu: number | undefined): LinkChange => ({
  alias: LINK_MARK,
  ...(mtu === undefined ? {} : { mtu }),
});

async function create(spec: LinkSpec, host: Host): Promise<void> {
  if (spec.backend !== 'userspace') return make(spec, host);
  await host.notes.note(startedNote(spec.name), '');
  await host.wg.startUserspace(spec.name);
  return host.rtnl.setLink(spec.name, markedWith(spec.mtu));
}

async function remove({ name, backend }: LinkPayload & { do: 'delete' }, host: Host): Promise<void> {
  try {
    if (backend === 'userspace') await host.wg.stopUserspace(name);
    else await host.rtnl.deleteLink(name);
  } catch (error) {
    if (!isHostError(error, 'ENODEV')) throw error;
  }
  if (backend === 'userspace') await host.notes.forget(startedNote(name));
}

async function giveBack({ name, up, mtu, netns }: LinkSpec, host: Host): Promise<void> {
  if (netns !== '') await (await hostAt(host, netns)).rtnl.setLink(name, { netns: '' });
  await giveBackMoved(name, host);
  await host.rtnl.setLink(name, { up, ...(mtu === undefined ? {} : { mtu }) });
  await host.notes.forget(linkNote(name), ...(await setKeys(host.notes, setMtu(name))));
}

async function noteFound({ name, up, mtu, foundMtu }: LinkSpec, host: Host): Promise<void> {
  await host.notes.note(linkNote(name), JSON.stringify({ up, mtu: mtu ?? foundMtu }));
}

async function move(payload: LinkPayload & { do: 'move' }, host: Host): Promise<void> {
  const { name, from, to, before } = payload;
  if (before !== undefined && to !== '') await noteFound(before, host);
  await moveLink({ name, from, to, borrowed: before !== undefined }, host);
}

/** Notes what a borrowed link had. If the change restores the original values, forgets the notes. */
async function set({ name, change, before, restores }: LinkPayload & { do: 'set' }, host: Host): Promise<void> {
  if (before) await noteFound(before, host);
  if (before && change.mtu !== undefined && !restores) await noteSet(host.notes, setMtu(name), String(change.mtu));
  await host.rtnl.setLink(name, change);
  if (!restores) return;
  const note = (await host.notes.all()).get(linkNote(name));
  const isWhole = note !== undefined && (JSON.parse(note) as Found).up;
  const gone = [...(isWhole ? [linkNote(name)] : []), ...(await setKeys(host.notes, setMtu(name)))];
  if (gone.length > 0) await host.notes.forget(...gone);
}

export async function applyLink(payload: LinkPayload, host: Host): Promise<void> {
  switch (payload.do) {
    case 'create':
      return create(payload.spec, host);
    case 'delete':
      return remove(payload, host);
    case 'move':
      return move(payload, host);
    case 'give-back':
      return giveBack(payload.spec, host);
    case 'set':
      return set(payload, host);
  }
}
