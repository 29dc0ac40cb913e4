// Guards come before what they guard and go after it; what a rule is for is told by what it does, not by its priority.
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

/** `goto` by its source: what comes from a transit network passes by the mesh's table and the guards. */
const isWayOut = ({ action, from }: RuleSpec): boolean => action === 'goto' && from !== undefined;

const isGuard = (spec: RuleSpec): boolean => spec.action !== 'lookup' && !isWayOut(spec);

/** A guard of one interface guards that one; `iif lo` and rules without `iif` guard the mesh as a whole. */
const guardedInterface = ({ iif }: RuleSpec): string | undefined => (iif === '' || iif === 'lo' ? undefined : iif);

function add(spec: RuleSpec): RuleOperation {
  const dev = guardedInterface(spec);
  return {
    kind: 'rule',
    key: ruleKey(spec),
    stage: isGuard(spec) ? 'guard-add' : 'rule-add',
    action: 'create',
    provides: isGuard(spec) ? [dev === undefined ? MESH_GUARD : interfaceGuard(dev)] : [],
    // what keeps the mesh's own traffic off it stands first
    requires: isWayOut(spec) ? [MESH_GUARD] : [],
    command: ruleCommand('add', spec),
    impact: 'none',
    payload: { do: 'add', spec },
  };
}

/** A link that shall be in a VRF from now on looks the table up by its rule until it is. */
const beforeLookupGoes = (spec: RuleSpec): Tag[] => {
  const dev = guardedInterface(spec);
  return dev === undefined ? [] : [enslaved(dev)];
};

/** The packets of a link that is another's have a way into the mesh as long as it stands; the guard of that name goes after it. */
function withdraw(spec: RuleSpec): RuleOperation {
  const dev = guardedInterface(spec);
  const operation = remove(spec);
  if (isGuard(spec) || dev === undefined) return operation;
  return { ...operation, stage: 'rule-withdraw', provides: [linkGone(dev)], requires: [] };
}

/** A local interface stays up when it leaves the mesh: what comes in by it goes on as long as the host forwards. */
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
