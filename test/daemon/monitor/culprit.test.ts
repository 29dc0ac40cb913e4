import { expect, it } from 'vitest';
import { findCulprit, rankCulprits, type Trace } from '../../../src/daemon/monitor/culprit.ts';
import { createFakeHost } from '../../fakes/fake-host.ts';

const AT = 1_700_000_000_000;
const trace = (name: string, running: boolean, changedAt?: number): Trace => ({ name, running, changedAt });

it('the culprit is the program whose state changed in the same second, the nearest first', () => {
  const traces = [
    trace('systemd-networkd', true, AT - 60_000),
    trace('NetworkManager', true, AT - 900),
    trace('ifupdown', false, AT + 200),
  ];
  expect(rankCulprits(traces, AT)).toBe('ifupdown (its state changed in the same second)');
});

it('without a trace the culprit is a running program, and without a running program there is none', () => {
  expect(rankCulprits([trace('ifupdown', false, AT - 60_000), trace('FRR', true)], AT)).toBe('FRR (it is running)');
  expect(rankCulprits([trace('ifupdown', false, AT - 60_000)], AT)).toBeUndefined();
});

it('the culprit is found by its control group and its state files', async () => {
  const host = createFakeHost();
  expect(await findCulprit(host, AT)).toBeUndefined();
  const cgroup = '/sys/fs/cgroup/system.slice/NetworkManager.service/cgroup.procs';
  await host.files.write(cgroup, '812\n');
  expect(await findCulprit(host, AT)).toBe('NetworkManager (it is running)');
  await host.files.write(cgroup, '\n');
  expect(await findCulprit(host, AT)).toBeUndefined();
});

it('a host that cannot be read gives no culprit', async () => {
  const host = createFakeHost();
  const stat = (): Promise<undefined> => Promise.reject(new Error('EACCES'));
  expect(await findCulprit({ ...host, files: { ...host.files, stat } }, AT)).toBe(undefined);
});
