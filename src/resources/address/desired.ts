// The addresses of the state file, and the link-local address of each tunnel that speaks IPv6.
import type { Desired } from '../../engine/types.ts';
import type { RouterModel } from '../../model/types.ts';
import { families, meshLinks } from '../tags.ts';
import type { AddressSpec } from './spec.ts';

export function desiredAddresses(model: RouterModel): Desired<AddressSpec>[] {
  const able = families(model);
  return meshLinks(model).flatMap(({ name, addresses, linkLocal, source }) =>
    [...addresses, ...(linkLocal === undefined ? [] : [linkLocal])]
      .filter(({ family }) => able.includes(family))
      .map((prefix) => ({ spec: { dev: name, prefix }, source })),
  );
}
