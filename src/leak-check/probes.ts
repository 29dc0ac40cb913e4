// All probes: from each interface and from this host itself, with each class of source address, to each class of destination, in
// both families; docs/leak-check.md has the matrix. Pure.
import type { RouterModel } from '../model/types.ts';
import type { Family } from '../net/ip.ts';
import { destinations, type Aim } from './destinations.ts';
import { meshStarts } from './mesh-starts.ts';
import { oddRoutes } from './odd-routes.ts';
import { boundStarts, ownStarts, underlayStarts } from './other-starts.ts';
import { ruleQuestions } from './rule-starts.ts';
import { isPlain, type Start } from './starts.ts';
import type { Ground, Probe } from './types.ts';

export function makeProbes(model: RouterModel, ground: Ground): Probe[] {
  const families: readonly Family[] = model.env.ipv6 ? [4, 6] : [4];
  return families.flatMap((family) => {
    const aims = [...destinations(model, ground, family), ...oddRoutes(model, ground, family)];
    const starts = [
      ...meshStarts(model, ground, family),
      ...underlayStarts(model, ground, family),
      ...boundStarts(ground),
      ...ownStarts(model, ground, family),
    ];
    return [
      ...starts.flatMap((start) => aims.filter(start.asks).map((aim) => probe(family, start, aim))),
      ...ruleQuestions(model, ground, { starts, aims: aims.filter(isPlain) }, family).flatMap(({ start, aims: some }) =>
        some.map((aim) => probe(family, start, aim)),
      ),
    ];
  });
}

function probe(family: Family, start: Start, { address: to, ...destination }: Aim): Probe {
  const { name, of, side, iif, oif, from, mark } = start;
  const socket = oif === undefined ? {} : { oif };
  return {
    family,
    origin: { name, side, iif, ...socket, ...(of === undefined ? {} : { of }) },
    destination,
    query: { to, from, iif, ...socket, ...(mark === undefined ? {} : { mark }) },
  };
}
