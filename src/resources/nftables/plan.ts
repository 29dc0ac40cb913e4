// A guard: it stands before what it guards and goes after it. An interface leaves the set only when its link is gone, or is
// another's.
import type { Change, Desired, Operation } from '../../engine/types.ts';
import { count } from '../../net/units.ts';
import { ALL_LINKS_GONE, MESH_GUARD } from '../tags.ts';
import { deleteScript, renderScript } from './render.ts';
import { TABLE, type NftablesSpec } from './spec.ts';

export interface NftablesPayload {
  readonly do: 'set' | 'delete';
  readonly script: string;
}

type NftablesOperation = Operation<NftablesPayload>;

const shared = { kind: 'nftables', key: TABLE, needs: [], impact: 'none' } as const;

function set(spec: NftablesSpec, { source }: Desired<NftablesSpec>, action: 'create' | 'update'): NftablesOperation {
  const rules = spec.chains.flatMap((chain) => chain.rules).length;
  const what = `table ${TABLE}: ${count(rules, 'rule')}, ${count(spec.interfaces.length, 'interface')}`;
  return {
    ...shared,
    ...{ stage: 'guard-add', action, source, provides: [MESH_GUARD] },
    command: `nft -f /dev/stdin  # ${what}`,
    payload: { do: 'set', script: renderScript(spec) },
  };
}

export function planNftables(change: Change<NftablesSpec>): NftablesOperation[] {
  switch (change.type) {
    case 'create':
      return [set(change.desired.spec, change.desired, 'create')];
    case 'update': {
      const { desired, observed } = change;
      const { interfaces, barred } = desired.spec;
      const leaving = observed.spec.interfaces.filter((name) => !interfaces.includes(name) && !barred.includes(name));
      const both = { ...desired.spec, interfaces: [...interfaces, ...leaving].toSorted() };
      const last = set(desired.spec, desired, 'update');
      if (leaving.length === 0) return [last];
      return [set(both, desired, 'update'), { ...last, stage: 'guard-remove', provides: [], awaits: [ALL_LINKS_GONE] }];
    }
    case 'delete':
      return [
        {
          ...shared,
          ...{ stage: 'guard-remove', action: 'delete', awaits: [ALL_LINKS_GONE] },
          command: `nft delete table ${TABLE}`,
          payload: { do: 'delete', script: deleteScript },
        },
      ];
  }
}
