import { isHostError } from '../../host/error.ts';
import type { Host } from '../../host/types.ts';
import { LINK_MARK } from '../../net/names.ts';
import { isBlankDummy } from './observe.ts';
import type { LinkPayload } from './plan.ts';
import { linkNote, type LinkSpec } from './spec.ts';

/** Takes the dummy0 that the module made of itself while we asked the kernel for ours. */
async function claimDummy({ name, mtu }: LinkSpec, host: Host): Promise<boolean> {
  const [links, addresses] = await Promise.all([host.rtnl.links(), host.rtnl.addresses()]);
  const there = links.find((info) => info.name === name);
  if (there === undefined || !isBlankDummy(there, addresses)) return false;
  await host.rtnl.setLink(name, { alias: LINK_MARK, ...(mtu === undefined ? {} : { mtu }) });
  return true;
}

async function makeDummy(spec: LinkSpec, host: Host): Promise<void> {
  try {
    await host.rtnl.addLink({ name: spec.name, kind: 'dummy', alias: LINK_MARK, mtu: spec.mtu });
  } catch (error) {
    if (!isHostError(error, 'EEXIST') || !(await claimDummy(spec, host))) throw error;
  }
}

async function create(spec: LinkSpec, host: Host): Promise<void> {
  const { name, kind, backend, mtu } = spec;
  if (kind === 'dummy') return makeDummy(spec, host);
  if (backend === 'userspace') {
    await host.wg.startUserspace(name);
    await host.rtnl.setLink(name, { alias: LINK_MARK, ...(mtu === undefined ? {} : { mtu }) });
  } else {
    await host.rtnl.addLink({ name, kind: 'wireguard', alias: LINK_MARK, mtu });
  }
}

async function remove(name: string, backend: LinkSpec['backend'], host: Host): Promise<void> {
  try {
    if (backend === 'userspace') await host.wg.stopUserspace(name);
    else await host.rtnl.deleteLink(name);
  } catch (error) {
    if (!isHostError(error, 'ENODEV')) throw error;
  }
}

async function giveBack({ name, up, mtu }: LinkSpec, host: Host): Promise<void> {
  await host.rtnl.setLink(name, { up, ...(mtu === undefined ? {} : { mtu }) });
  await host.notes.forget(linkNote(name));
}

export async function applyLink(payload: LinkPayload, host: Host): Promise<void> {
  switch (payload.do) {
    case 'create':
      return create(payload.spec, host);
    case 'delete':
      return remove(payload.name, payload.backend, host);
    case 'give-back':
      return giveBack(payload.spec, host);
    case 'set': {
      const { before, name, change } = payload;
      if (before) await host.notes.note(linkNote(name), JSON.stringify({ up: before.up, mtu: before.mtu }));
      return host.rtnl.setLink(name, change);
    }
  }
}
