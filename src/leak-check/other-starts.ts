// Packets that arrive on an interface outside the mesh, and packets that the host itself sends without a mesh address. Pure.
import type { LinkInfo } from '../host/types.ts';
import type { RouterModel } from '../model/types.ts';
import type { Family } from '../net/ip.ts';
import { isLinkLocal } from '../net/link-local.ts';
import { INTERNET } from './addresses.ts';
import { isMesh, type Aim } from './destinations.ts';
import { isPlain, meshHost, strangers, transitHost, type Start } from './starts.ts';
import type { Ground } from './types.ts';

/** Traffic from the underlay to the underlay is not checked. */
const asksMesh = (aim: Aim): boolean => aim.side === 'mesh' && isPlain(aim);

/** Limit of own underlay addresses that are asked; a host of containers has hundreds. */
const OWN_AT_MOST = 4;

/** A packet on a port arrives on its bridge or bond (netdev_master_upper_dev of net/bridge, drivers/net/bonding). */
function isPort({ master }: LinkInfo, links: readonly LinkInfo[]): boolean {
  const kind = links.find(({ name }) => name === master)?.kind;
  return kind !== undefined && kind !== 'vrf';
}

/** With a source on the internet, a spoofed source in the mesh, and sources of the other classes. */
export function underlayStarts(model: RouterModel, { links, mesh }: Ground, family: Family): Start[] {
  const internet = INTERNET[family].find((address) => !isMesh(model, address));
  const [spoofed, open] = [meshHost(model, family), transitHost(model, family)];
  return links
    .filter((link) => link.up && link.name !== 'lo' && !mesh.has(link.name) && !isPort(link, links))
    .flatMap(({ name }): Start[] => {
      const shared = { side: 'underlay', iif: name, asks: asksMesh } as const;
      const variant = (what: string, from: string): Start => ({ ...shared, name: `${name}, ${what}`, of: name, from });
      return [
        ...(internet === undefined ? [] : [{ ...shared, name, from: internet }]),
        ...(spoofed === undefined ? [] : [{ ...shared, name: `${name}, spoofed`, from: spoofed }]),
        ...(open === undefined ? [] : [variant('spoofed transit', open)]),
        ...strangers(model, family)
          .filter(({ name: what }) => what !== 'public')
          .map(({ name: what, from }) => variant(what, from)),
      ];
    });
}

/** A socket of this host that is bound to a foreign VRF device: the table of that device may contain any route. */
export const boundStarts = ({ links, mesh }: Ground): Start[] =>
  links
    .filter(({ kind, up, name }) => kind === 'vrf' && up && !mesh.has(name))
    .map(({ name: oif }) => ({
      name: `this host in ${oif}`,
      side: 'underlay',
      iif: '',
      oif,
      from: undefined,
      asks: asksMesh,
    }));

/** Without a source address to every destination, and from its underlay addresses to one destination per class. */
export function ownStarts(model: RouterModel, { addresses, mesh }: Ground, family: Family): Start[] {
  const outer = addresses
    .filter(({ dev, prefix }) => prefix.family === family && dev !== 'lo' && !mesh.has(dev))
    .map(({ prefix }) => prefix.address)
    .filter((address) => !isLinkLocal(address) && !isMesh(model, address));
  const shared = { name: 'this host', side: 'own', iif: '' } as const;
  return [
    { ...shared, from: undefined, asks: () => true },
    ...outer
      .slice(0, OWN_AT_MOST)
      .map((from): Start => ({ ...shared, name: `this host by ${from}`, of: shared.name, from, asks: isPlain })),
  ];
}
