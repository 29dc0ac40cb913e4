import type { Desired } from '../../engine/types.ts';
import type { RouterModel } from '../../model/types.ts';
import { placeOf, vrfOf } from '../../model/sides.ts';
import type { LinkSpec } from './spec.ts';

/** The kernel's default for a new one (ether_setup). */
const DUMMY_MTU = 1500;

/** It has no address: it is there for its table, and as the device to which sockets can be bound. */
function vrfDevice(model: RouterModel): Desired<LinkSpec>[] {
  const name = vrfOf(model);
  if (name === '') return [];
  const { table, source } = model.mesh;
  const none = { backend: undefined, mtu: undefined, foundMtu: undefined, netns: '', bare: false } as const;
  return [{ spec: { ...none, name, kind: 'vrf', table: table.id, up: true, marked: true }, source }];
}

export function desiredLinks(model: RouterModel): Desired<LinkSpec>[] {
  const isUp = (name: string): boolean => model.closed?.includes(name) !== true;
  const where = { netns: placeOf(model), bare: false };
  const local = model.interfaces.map(({ name, kind, mtu, source }): Desired<LinkSpec> => ({
    spec: {
      name,
      kind,
      backend: undefined,
      up: isUp(name),
      mtu: kind === 'dummy' ? (mtu ?? DUMMY_MTU) : mtu,
      foundMtu: undefined,
      marked: kind === 'dummy',
      ...where,
    },
    source,
    borrowed: kind === 'existing',
  }));
  const { backend } = model.wireguard;
  const tunnels = model.tunnels.map(({ name, mtu, source }): Desired<LinkSpec> => ({
    spec: { name, kind: 'wireguard', backend, up: isUp(name), mtu, foundMtu: undefined, marked: true, ...where },
    source,
  }));
  return [...vrfDevice(model), ...local, ...tunnels];
}
