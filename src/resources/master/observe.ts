// A membership is ours if the VRF device has our mark. Links that wgospf deletes are skipped: a link leaves its VRF when it is
// deleted (vrf_device_event).
import type { Foreign, Observe, Observed } from '../../engine/types.ts';
import type { KernelEvent } from '../../host/monitor-types.ts';
import type { LinkInfo } from '../../host/types.ts';
import type { RouterModel } from '../../model/types.ts';
import { isMarked } from '../../net/names.ts';
import { vrfOf } from '../../model/sides.ts';
import { meshLinks } from '../tags.ts';
import type { MasterSpec } from './spec.ts';

/** A foreign bridge, bond or VRF has the link: taking the link away would disconnect it from that network. */
const kept = (link: string, master: LinkInfo | undefined, name: string): Foreign => ({
  kind: 'master',
  key: link,
  message: `${link} belongs to ${name}${master === undefined ? '' : ` (${master.kind})`}, and a link has one master; ip link set dev ${link} nomaster, or name another interface in the file`,
  blocking: true,
});

export const observeMasters: Observe<MasterSpec> = async (host, model) => {
  const links = await host.rtnl.links();
  const inVrf = model !== undefined && vrfOf(model) !== '';
  const byName = new Map(links.map((link) => [link.name, link]));
  const wanted = new Set(model === undefined ? [] : meshLinks(model).map(({ name }) => name));
  const objects: Observed<MasterSpec>[] = [];
  const foreign: Foreign[] = [];
  for (const link of links) {
    const master = byName.get(link.master);
    const ours = master?.kind === 'vrf' && isMarked(master);
    if (!wanted.has(link.name) && (isMarked(link) || !ours)) continue;
    // our own link in another master comes back; a borrowed link may belong to it rightly
    if (link.master !== '' && !ours && !isMarked(link)) {
      if (inVrf) foreign.push(kept(link.name, master, link.master));
      continue;
    }
    const table = master?.table ?? 0;
    const spec = { link: link.name, vrf: link.master, table, up: link.up };
    objects.push({ spec, owned: ours });
  }
  const stuck = new Set(foreign.map(({ key }) => key));
  // shown as desired, so that no change is planned for it
  for (const link of stuck) {
    const spec = {
      link,
      vrf: model === undefined ? '' : vrfOf(model),
      table: model?.mesh.table.id ?? 0,
      up: true,
    };
    objects.push({ spec, owned: false });
  }
  return { objects, foreign };
};

/** A device with our name counts as ours: events of its own report its changes. */
export function masterFromEvent({ kind, object }: KernelEvent, model: RouterModel): Observed<MasterSpec> | undefined {
  if (kind !== 'link' || !meshLinks(model).some(({ name }) => name === object.name)) return undefined;
  const ours = object.master !== '' && object.master === model.mesh.table.name;
  if (!ours && vrfOf(model) === '') return undefined;
  const table = ours ? model.mesh.table.id : 0;
  return { spec: { link: object.name, vrf: object.master, table, up: object.up }, owned: ours };
}
