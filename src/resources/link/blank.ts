// Blank links: down, unmarked, without addresses and configuration. The kernel's dummy module makes a dummy0 by itself when
// it is loaded for ours. Blank links count as absent, and wgospf takes them over when it makes its own.
import type { HostReader } from '../../host/reader.ts';
import type { LinkInfo } from '../../host/types.ts';
import { startedNote } from './spec.ts';

async function blankNames(host: HostReader, links: readonly LinkInfo[]): Promise<Set<string>> {
  const addresses = await host.rtnl.addresses();
  const idle = links.filter(
    ({ name, up, alias }) =>
      !up && alias === '' && !addresses.some(({ dev, prefix }) => dev === name && prefix.family === 4),
  );
  // reading WireGuard devices costs time, and there is rarely such a link
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

/** Every link except blank ones; a link whose wireguard-go we started is ours and not blank. */
export async function linksInUse(host: HostReader): Promise<LinkInfo[]> {
  const [links, notes] = await Promise.all([host.rtnl.links(), host.notes.all()]);
  const blank = await blankNames(host, links);
  return links.filter(({ name }) => !blank.has(name) || notes.has(startedNote(name)));
}

export async function isBlank(host: HostReader, name: string): Promise<boolean> {
  return (await blankNames(host, await host.rtnl.links())).has(name);
}
