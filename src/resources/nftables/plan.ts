// A guard: it is added before what it guards and removed after it. An interface leaves the set only when its link is gone or
// foreign; the mark goes when no rule matches it.
import type { Change, Desired, Operation } from '../../engine/types.ts';
import { count } from '../../net/units.ts';
import { ALL_LINKS_GONE, MESH_GUARD } from '../tags.ts';
import { MARKING } from './desired.ts';
import { deleteScript, renderScript } from './render.ts';
import { TABLE, type NftablesSpec } from './spec.ts';

export interface NftablesPayload {
  readonly do: 'set' | 'delete';
  readonly script: string;
  /** a failure is noted, and the mesh does without this guard */
  readonly optional: boolean;
}

type NftablesOperation = Operation<NftablesPayload>;

const shared = { kind: 'nftables', key: TABLE, impact: 'none' } as const;

function set(spec: NftablesSpec, { source }: Desired<NftablesSpec>, action: 'create' | 'update'): NftablesOperation {
  const { optional } = spec;
  const rules = spec.chains.flatMap((chain) => chain.rules).length;
  const what = `table ${TABLE}: ${count(rules, 'rule')}, ${count(spec.interfaces.length, 'interface')}`;
  return {
    ...shared,
    ...{ stage: 'guard-add', action, source, provides: optional ? [] : [MESH_GUARD] },
    command: `nft -f /dev/stdin  # ${what}`,
    payload: { do: 'set', script: renderScript(spec), optional },
  };
}

export function planNftables(change: Change<NftablesSpec>): NftablesOperation[] {
  switch (change.type) {
    case 'create':
      return [set(change.desired.spec, change.desired, 'create')];
    case 'update': {
      const { desired, observed } = change;
      if (observed.spec.unusable === true && desired.spec.optional) return [];
      const { interfaces, barred } = desired.spec;
      const leaving = observed.spec.interfaces.filter((name) => !interfaces.includes(name) && !barred.includes(name));
      // rules match the mark until the rules by interface are in place
      const marks = [observed, desired].map(({ spec }) => spec.chains.some(({ name }) => name === MARKING.name));
      const unmarked = marks[0] === true && marks[1] === false;
      const chains = [...(unmarked ? [MARKING] : []), ...desired.spec.chains];
      const both = { ...desired.spec, interfaces: [...interfaces, ...leaving].toSorted(), chains };
      const last = set(desired.spec, desired, 'update');
      if (leaving.length === 0 && !unmarked) return [last];
      return [
        set(both, desired, 'update'),
        { ...last, stage: 'guard-remove', provides: [], requires: [ALL_LINKS_GONE] },
      ];
    }
    case 'delete':
      return [
        {
          ...shared,
          ...{ stage: 'guard-remove', action: 'delete', requires: [ALL_LINKS_GONE] },
          command: `nft delete table ${TABLE}`,
          payload: { do: 'delete', script: deleteScript, optional: false },
        },
      ];
  }
}
