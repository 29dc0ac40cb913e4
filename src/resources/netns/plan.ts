import type { Change, Operation } from '../../engine/types.ts';
import { commandIn } from '../../host/place.ts';
import { insideDone, netnsReady } from '../../engine/namespaces.ts';
import { ALL_LINKS_GONE, birdEnded } from '../tags.ts';
import type { NetnsSpec } from './spec.ts';

export type NetnsPayload =
  | { readonly do: 'add'; readonly name: string }
  /** notes an existing namespace as the mesh's, and brings its `lo` up */
  | { readonly do: 'use'; readonly name: string }
  | { readonly do: 'leave'; readonly spec: NetnsSpec };

type NetnsOperation = Operation<NetnsPayload>;

function leaveCommand({ name, noted, exists }: NetnsSpec): string {
  if (noted === 'made' && exists) return `ip netns delete ${name}`;
  return `ip netns list  # ${name} ${exists ? 'was there before, and stays' : 'is gone already'}`;
}

export function planNetns(change: Change<NetnsSpec>): NetnsOperation[] {
  if (change.type === 'delete') {
    const { spec } = change.observed;
    return [
      {
        kind: 'netns',
        key: spec.name,
        stage: 'netns-remove',
        action: 'delete',
        // what is still inside would be deleted or return to the first namespace; or, if the namespace stays, be forgotten
        requires: [ALL_LINKS_GONE, birdEnded(spec.name), insideDone(spec.name)],
        command: leaveCommand(spec),
        impact: 'none',
        payload: { do: 'leave', spec },
      },
    ];
  }
  const { name } = change.desired.spec;
  const loopbackUp = commandIn(name, 'ip link set dev lo up');
  const shared = {
    kind: 'netns',
    key: name,
    stage: 'netns-add',
    // a BIRD in a namespace without a name keeps its links, and their ports, in use
    requires: [birdEnded(name)],
    provides: [netnsReady(name)],
    impact: 'none',
    source: change.desired.source,
  } as const;
  return change.type === 'create'
    ? [
        {
          ...shared,
          action: 'create',
          command: `ip netns add ${name} && ${loopbackUp}`,
          payload: { do: 'add', name },
        },
      ]
    : [{ ...shared, action: 'update', command: loopbackUp, payload: { do: 'use', name } }];
}
