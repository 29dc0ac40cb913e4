// Checks peerAddress: it must not contradict the far end that follows from the address, and must be given if none follows but one
// is needed.
import { contains, familyOf, farAddress, formatPrefix, networkOf } from '../../net/ip.ts';
import type { Path } from '../locate.ts';
import type { Problem } from '../problem.ts';
import { addressOf, farOf, isHostOnly, type OwnAddress, type Resolved, type TunnelLink } from '../resolve/types.ts';

/** Only IPv4 needs a far end: OSPFv3 and its routes use the link-local address of the far end. */
function missing(link: TunnelLink, { prefix, path }: OwnAddress): Problem[] {
  if (prefix.family === 6 || farOf(link, 4) !== undefined) return [];
  // the network or broadcast address of a /30 has no far end either, but has its own message
  if (prefix.length === 30) return [];
  const ospf = link.ospf?.model;
  if (isHostOnly(prefix) && (ospf?.type !== 'ptmp' || ospf.stub)) return [];
  return [
    {
      code: 'peer-address-missing',
      path,
      message: `the far end cannot be derived from ${formatPrefix(prefix)}`,
      hint: "a /31 or /30, or beside it peerAddress: with the far end's own address",
    },
  ];
}

function wrong(link: TunnelLink, peer: string, path: Path): Problem | undefined {
  const family = familyOf(peer);
  const address = addressOf(link, family);
  if (address === undefined) {
    // nothing is known about an address that could not be read
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
    const message = `${peer} is outside ${formatPrefix(networkOf(address))}, so the tunnel has no route to it`;
    return {
      code: 'peer-address',
      path,
      message,
      hint: `peerAddress: an address of ${formatPrefix(networkOf(address))}`,
    };
  }
  return undefined;
}

function twice({ peers }: TunnelLink): Problem[] {
  return peers.flatMap(({ address, path }, i): Problem[] => {
    const family = familyOf(address);
    const before = peers.slice(0, i).find((p) => familyOf(p.address) === family);
    if (before === undefined) return [];
    const message = `${before.address} is the far end's IPv${family} address already`;
    return [{ code: 'address-family', path, message, hint: `peerAddress: one IPv${family} address` }];
  });
}

export function peerAddressChecks({ tunnels }: Resolved): Problem[] {
  return tunnels.flatMap((link) => {
    const faulty = link.said.peerAddress === undefined && Object.hasOwn(link.said, 'peerAddress');
    return [
      ...(faulty ? [] : link.addresses.flatMap((address) => missing(link, address))),
      ...link.peers.flatMap(({ address, path }) => wrong(link, address, path) ?? []),
      ...twice(link),
    ];
  });
}
