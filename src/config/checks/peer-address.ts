// peerAddress: what follows from the address must not be said otherwise; what does not follow must be said where it is needed.
import { contains, familyOf, farAddress, formatPrefix, networkOf } from '../../net/ip.ts';
import type { Draft } from '../draft.ts';
import type { Path } from '../locate.ts';
import type { Problem } from '../problem.ts';
import { addressOf, farOf, isHostOnly, linksOf, ospfOf, peersOf } from './links.ts';
import type { DraftAddress, DraftLink, DraftTunnel } from './links.ts';

/** OSPFv3 and the routes over it know the far end by its link-local address, so IPv6 needs no other. */
function missing(link: DraftLink, { prefix, path }: DraftAddress): Problem[] {
  if (prefix.family === 6 || farOf(link, 4) !== undefined) return [];
  // an address that is the network or broadcast of a /30 has no far end either, and its own message
  if (prefix.length === 30) return [];
  const ospf = ospfOf(link);
  if (isHostOnly(prefix) && (ospf?.type !== 'ptmp' || ospf.stub)) return [];
  return [
    {
      code: 'peer-address-missing',
      path,
      message: `the far end does not follow from ${formatPrefix(prefix)}`,
      hint: "a /31 or /30, or beside it peerAddress: with the far end's own address",
    },
  ];
}

function wrong(link: DraftLink, peer: string, path: Path): Problem | undefined {
  const family = familyOf(peer);
  const address = addressOf(link, family);
  if (address === undefined) {
    // of an address that could not be read nothing is known
    if (Object.hasOwn(link.said, 'address') && link.addresses.length === 0) return undefined;
    const message = `${peer} is IPv${family}, and this tunnel has no IPv${family} address of its own`;
    return {
      code: 'peer-address',
      path,
      message,
      hint: `an IPv${family} address under address:, or no such peerAddress`,
    };
  }
  if (peer === address.address) {
    const hint = `peerAddress: ${farAddress(address) ?? "the far end's address"}`;
    return { code: 'peer-address', path, message: `${peer} is this router's own address`, hint };
  }
  const follows = farAddress(address);
  if (follows !== undefined && follows !== peer) {
    const message = `the far end of ${formatPrefix(address)} is ${follows}, not ${peer}`;
    return { code: 'peer-address', path, message, hint: `peerAddress: ${follows}, or leave it out` };
  }
  if (!isHostOnly(address) && !contains(address, peer)) {
    const message = `${peer} lies outside ${formatPrefix(networkOf(address))}, so the tunnel has no route to it`;
    return {
      code: 'peer-address',
      path,
      message,
      hint: `peerAddress: an address of ${formatPrefix(networkOf(address))}`,
    };
  }
  return undefined;
}

function twice(link: DraftLink): Problem[] {
  const peers = peersOf((link.said as DraftTunnel).peerAddress, link.path);
  return peers.flatMap(({ address, path }, i): Problem[] => {
    const family = familyOf(address);
    const before = peers.slice(0, i).find((p) => familyOf(p.address) === family);
    if (before === undefined) return [];
    const message = `${before.address} is the far end's IPv${family} address already`;
    return [{ code: 'address-family', path, message, hint: `peerAddress: one IPv${family} address` }];
  });
}

export function peerAddressChecks(draft: Draft): Problem[] {
  return linksOf(draft)
    .filter((link) => link.tunnel)
    .flatMap((link) => {
      const said = (link.said as DraftTunnel).peerAddress;
      const faulty = said === undefined && Object.hasOwn(link.said, 'peerAddress');
      return [
        ...(faulty ? [] : link.addresses.flatMap((address) => missing(link, address))),
        ...peersOf(said, link.path).flatMap(({ address, path }) => wrong(link, address, path) ?? []),
        ...twice(link),
      ];
    });
}
