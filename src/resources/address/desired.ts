import type { Desired } from '../../engine/types.ts';
import type { RouterModel } from '../../model/types.ts';
import { meshLinks } from '../tags.ts';
import type { AddressSpec } from './spec.ts';

export function desiredAddresses(model: RouterModel): Desired<AddressSpec>[] {
  return meshLinks(model).map(({ name, address, source }) => ({ spec: { dev: name, prefix: address }, source }));
}
