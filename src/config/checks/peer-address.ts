// peerAddress: what follows from the address must not be said otherwise; what does not follow must be said where it is needed.
import { contains, farAddress, formatPrefix, networkOf } from '../../net/ip.ts';
import type { Draft } from '../draft.ts';
import type { Problem } from '../problem.ts';
import { linksOf, ospfOf } from './links.ts';
import type { DraftLink, DraftTunnel } from './links.ts';

function missing(link: DraftLink): Problem[] {
  if (link.address === undefined || link.far !== undefined) return [];
  // an address that is the network or broadcast of a /30 has no far end either, and its own message
  if (link.address.length === 30) return [];
  const ospf = ospfOf(link);
  if (link.address.length < 32 || (ospf?.type === 'ptmp' && !ospf.stub)) {
    return [
      {
        code: 'peer-address-missing',
        path: [...link.path, 'address'],
        message: `the far end does not follow from ${formatPrefix(link.address)}`,
        hint: "a /31 or /30, or beside it peerAddress: with the far end's own address",
      },
    ];
  }
  return [];
}

function wrong(link: DraftLink, peer: string): Problem | undefined {
  const { address } = link;
  const path = [...link.path, 'peerAddress'];
  if (address === undefined) return undefined;
  if (peer === address.address) {
    const hint = `peerAddress: ${farAddress(address) ?? "the far end's address"}`;
    return { code: 'peer-address', path, message: `${peer} is this router's own address`, hint };
  }
  const follows = farAddress(address);
  if (follows !== undefined && follows !== peer) {
    const message = `the far end of ${formatPrefix(address)} is ${follows}, not ${peer}`;
    return { code: 'peer-address', path, message, hint: `peerAddress: ${follows}, or leave it out` };
  }
  if (address.length < 32 && !contains(address, peer)) {
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

export function peerAddressChecks(draft: Draft): Problem[] {
  return linksOf(draft)
    .filter((link) => link.tunnel)
    .flatMap((link) => {
      const said = (link.said as DraftTunnel).peerAddress;
      if (said === undefined) return Object.hasOwn(link.said, 'peerAddress') ? [] : missing(link);
      return wrong(link, said) ?? [];
    });
}
