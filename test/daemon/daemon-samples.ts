// A healthy daemon; each test removes the part that it is about.
import type { DaemonState } from '../../src/daemon/types.ts';
import type { Status } from '../../src/status/types.ts';
import { assess } from '../../src/status/assess.ts';
import { wantedByModel } from '../../src/status/wanted.ts';
import { model, tunnel } from '../cli/samples.ts';
import { facts } from '../status/status-samples.ts';
import { report } from '../log/events.ts';

export const STARTED: number = Date.UTC(2026, 10, 22, 18, 30);

export const daemonState = (over: Partial<DaemonState> = {}): DaemonState => ({
  ...{ pid: 812, version: '0.1.0', startedAt: STARTED, generation: '0123456789ab', source: 'file', badState: [] },
  awaitedFile: undefined,
  ...{ holdUntil: undefined, passes: 14, repairs: 2, retryAt: undefined, conditions: [] },
  lastPass: { at: STARTED + 60_000, ms: 8.4, report: report() },
  ...over,
});

/** `1/1 tunnels up, 1/1 adjacencies Full, 2 routes, in sync` */
export const status: Status = assess(wantedByModel(model({ tunnels: [tunnel('wg222')] })), facts());

export const badState: readonly string[] = [
  '/etc/wgospf/state.yaml:12:5: error[unknown-key]: there is no key "privatKey"\n  12 |  privatKey: x\n     |  ^^^^\n  write: privateKeyFile',
  '/etc/wgospf/state.yaml:14:5: error[host-bits]: 10.70.89.1/30 has host bits\n  write: 10.70.89.0/30',
];
