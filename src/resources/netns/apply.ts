import { HostError, isHostError } from '../../host/error.ts';
import { hostAt, hostIn } from '../../host/place.ts';
import type { Host } from '../../host/types.ts';
import { isMarked } from '../../net/names.ts';
import { netnsNote, notesInside } from '../../engine/namespaces.ts';
import { MOVED_NOTE } from '../tags.ts';
import type { NetnsPayload } from './plan.ts';

export async function applyNetns(payload: NetnsPayload, host: Host): Promise<void> {
  switch (payload.do) {
    case 'add':
      // noted first: otherwise a process killed in between would leave a namespace that nobody removes
      await host.notes.note(netnsNote(payload.name), 'made');
      return host.netns.add(payload.name);
    case 'use':
      await host.notes.note(netnsNote(payload.name), 'found');
      return (await hostAt(host, payload.name)).rtnl.setLink('lo', { up: true });
    case 'leave':
      return leave(payload, host);
  }
}

async function leave({ spec }: NetnsPayload & { do: 'leave' }, host: Host): Promise<void> {
  if (spec.noted === 'made' && spec.exists) {
    await expectEmpty(spec.name, host);
    try {
      await host.netns.delete(spec.name);
    } catch (error) {
      if (!isHostError(error, 'ENOENT')) throw error;
    }
  }
  await host.notes.forget(...(await notesInside(spec.name, host)), netnsNote(spec.name));
}

/** The kernel would delete the links inside, also a borrowed link that is no hardware (default_device_exit_batch). */
async function expectEmpty(name: string, host: Host): Promise<void> {
  const inside = await hostIn(host, name);
  const notes = await host.notes.all();
  const left = ((await inside?.rtnl.links()) ?? []).filter(
    (link) => notes.has(`${MOVED_NOTE}${link.name}`) || isMarked(link),
  );
  if (left.length === 0) return;
  const detail = `${left.map((link) => link.name).join(', ')} of the mesh is still in it`;
  throw new HostError({ operation: `delete network namespace ${name}`, code: 'EBUSY', detail });
}
