// Guards are added before what they guard and removed after it; the purpose of a rule follows from its action, not its priority.
import type { Change, Operation, Tag } from '../../engine/types.ts';
import {
  ALL_LINKS_GONE,
  enslaved,
  FORWARDING_BACK,
  interfaceGuard,
  linkGone,
  MESH_GUARD,
  TRANSIT_GONE,
} from '../tags.ts';
import { ruleCommand, ruleKey, type RuleSpec } from './spec.ts';

export interface RulePayload {
  readonly do: 'add' | 'delete';
  readonly spec: RuleSpec;
}

type RuleOperation = Operation<RulePayload>;

/** A `goto` with a source: packets from a transit network skip the mesh table and the guards. */
const isWayOut = ({ action, from }: RuleSpec): boolean => action === 'goto' && from !== undefined;

const isGuard = (spec: RuleSpec): boolean => spec.action !== 'lookup' && !isWayOut(spec);

/** A guard with an interface guards that one; `iif lo` and rules without `iif` guard the whole mesh. */
const guardedInterface = ({ iif }: RuleSpec): string | undefined => (iif === '' || iif === 'lo' ? undefined : iif);

function add(spec: RuleSpec): RuleOperation {
  const dev = guardedInterface(spec);
  return {
    kind: 'rule',
    key: ruleKey(spec),
    stage: isGuard(spec) ? 'guard-add' : 'rule-add',
    action: 'create',
    provides: isGuard(spec) ? [dev === undefined ? MESH_GUARD : interfaceGuard(dev)] : [],
    // the guard that keeps packets to the mesh from this way comes first
    requires: isWayOut(spec) ? [MESH_GUARD] : [],
    command: ruleCommand('add', spec),
    impact: 'none',
    payload: { do: 'add', spec },
  };
}

/** A link that is to enter a VRF keeps its lookup rule until it is in the VRF. */
const beforeLookupGoes = (spec: RuleSpec): Tag[] => {
  const dev = guardedInterface(spec);
  return dev === undefined ? [] : [enslaved(dev)];
};

/** The packets of a foreign link enter the mesh while this rule exists; the guard of that name goes afterwards. */
function withdraw(spec: RuleSpec): RuleOperation {
  const dev = guardedInterface(spec);
  const operation = remove(spec);
  if (isGuard(spec) || dev === undefined) return operation;
  return { ...operation, stage: 'rule-withdraw', provides: [linkGone(dev)], requires: [] };
}

/** A local interface stays up when it leaves the mesh: packets that come in by it are forwarded while the host forwards. */
const beforeGuardGoes = (dev: string | undefined): Tag[] =>
  dev === undefined ? [ALL_LINKS_GONE] : [linkGone(dev), FORWARDING_BACK];

function remove(spec: RuleSpec): RuleOperation {
  const dev = guardedInterface(spec);
  return {
    kind: 'rule',
    key: ruleKey(spec),
    stage: isGuard(spec) ? 'guard-remove' : 'rule-remove',
    action: 'delete',
    provides: isWayOut(spec) ? [TRANSIT_GONE] : [],
    requires: isGuard(spec) ? beforeGuardGoes(dev) : beforeLookupGoes(spec),
    command: ruleCommand('del', spec),
    impact: 'none',
    payload: { do: 'delete', spec },
  };
}

export function planRule(change: Change<RuleSpec>): RuleOperation[] {
  switch (change.type) {
    case 'create':
      return [{ ...add(change.desired.spec), source: change.desired.source }];
    case 'delete':
      return [change.withdrawn === true ? withdraw(change.observed.spec) : remove(change.observed.spec)];
    case 'update':
      throw new Error('a rule has no field outside its key');
  }
}
