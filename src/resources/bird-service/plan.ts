import type { Change, Operation } from '../../engine/types.ts';
import { commandIn } from '../../host/place.ts';
import type { BirdService } from '../../host/types.ts';
import { netnsReady } from '../../engine/namespaces.ts';
import { birdEnded, birdWritten } from '../tags.ts';
import type { BirdServiceSpec } from './spec.ts';

export interface BirdServicePayload {
  readonly do: 'start' | 'stop';
  readonly service: BirdService;
}

type BirdServiceOperation = Operation<BirdServicePayload>;

const serviceOf = ({ netns, configFile, controlSocket }: BirdServiceSpec): BirdService => ({
  netns,
  configFile,
  controlSocket,
});

function stop(spec: BirdServiceSpec, action: 'update' | 'delete'): BirdServiceOperation {
  const ended = spec.state === 'stopped' ? '  # it is not running' : '';
  return {
    kind: 'bird-service',
    key: spec.netns,
    stage: 'bird-stop',
    action,
    provides: [birdEnded(spec.netns)],
    command: `birdc -s ${spec.controlSocket} down${ended}`,
    impact: spec.state === 'stopped' ? 'none' : 'traffic-gap',
    payload: { do: 'stop', service: serviceOf(spec) },
  };
}

function start(spec: BirdServiceSpec, action: 'create' | 'update'): BirdServiceOperation {
  const { netns, configFile, controlSocket } = spec;
  return {
    kind: 'bird-service',
    key: netns,
    stage: 'bird-start',
    action,
    requires: [netnsReady(netns), birdWritten(configFile)],
    command: commandIn(netns, `bird -u bird -g bird -c ${configFile} -s ${controlSocket}`),
    impact: 'none',
    payload: { do: 'start', service: serviceOf(spec) },
  };
}

export function planBirdService(change: Change<BirdServiceSpec>): BirdServiceOperation[] {
  switch (change.type) {
    case 'create':
      return [{ ...start(change.desired.spec, 'create'), source: change.desired.source }];
    case 'update': {
      const { desired, observed } = change;
      const ends = observed.spec.state === 'stopped' ? [] : [stop(observed.spec, 'update')];
      return [...ends, start(desired.spec, 'update')].map((operation) => ({ ...operation, source: desired.source }));
    }
    case 'delete':
      return [stop(change.observed.spec, 'delete')];
  }
}
