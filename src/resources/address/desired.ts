import type { Desired } from '../../engine/types.ts';
import type { RouterModel } from '../../model/types.ts';
import { meshLinks } from '../tags.ts';
import type { AddressSpec } from './spec.ts';

export function desiredAddresses(model: RouterModel): Desired<AddressSpec>[] {
  return meshLinks(model).flatMap(({ name, addresses, linkLocal, source }) =>
    [...addresses, ...(linkLocal === undefined ? [] : [linkLocal])].map((prefix) => ({
      spec: { dev: name, prefix },
      source,
    })),
  );
}
