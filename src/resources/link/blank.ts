// Links that are there and yet nobody's: down, unmarked, without address and configuration. The kernel's dummy module makes
// a dummy0 of itself as it is loaded for ours. They count as absent, and are taken over when we make ours.
import type { HostReader } from '../../host/reader.ts';
import type { LinkInfo } from '../../host/types.ts';
import { startedNote } from './spec.ts';

async function blankNames(host: HostReader, links: readonly LinkInfo[]): Promise<Set<string>> {
  const addresses = await host.rtnl.addresses();
  const idle = links.filter(
    ({ name, up, alias }) =>
      !up && alias === '' && !addresses.some(({ dev, prefix }) => dev === name && prefix.family === 4),
  );
  // asking WireGuard starts a program, and there is seldom a link to ask about
  const asked = idle.filter(({ kind }) => kind === 'wireguard' || kind === 'tun').map(({ name }) => name);
  const devices = asked.length > 0 ? await host.wg.devices(asked) : [];
  const blank = ({ name, kind }: LinkInfo): boolean => {
    if (kind === 'dummy') return true;
    if (kind === 'vrf') return !links.some(({ master }) => master === name);
    const device = devices.find((candidate) => candidate.name === name);
    return device?.publicKey === '' && device.peers.length === 0 && device.unread === undefined;
  };
  return new Set(idle.filter(blank).map(({ name }) => name));
}

/** Every link but the blank ones; those whose wireguard-go we started are ours and not blank. */
export async function linksInUse(host: HostReader): Promise<LinkInfo[]> {
  const [links, notes] = await Promise.all([host.rtnl.links(), host.notes.all()]);
  const blank = await blankNames(host, links);
  return links.filter(({ name }) => !blank.has(name) || notes.has(startedNote(name)));
}

export async function isBlank(host: HostReader, name: string): Promise<boolean> {
  return (await blankNames(host, await host.rtnl.links())).has(name);
}
