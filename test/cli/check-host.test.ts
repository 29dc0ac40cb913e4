// `wgospf check` of this host: what it prints, and to whom.
import { expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import type { Condition } from '../../src/engine/types.ts';
import { HostError } from '../../src/host/error.ts';
import { readSystemdConf } from '../../src/host/systemd-conf.ts';
import { writeFile } from '../fakes/fake-files.ts';
import { createFakeHost } from '../fakes/fake-host.ts';
import { fakeContext } from './fake-context.ts';
import { plan as planned } from './samples.ts';

const ok = '/etc/wgospf/state.yaml: ok (2 tunnels, 0 interfaces, 0 warnings)';
const packaged: Condition = {
  code: 'bird-conf-packaged',
  severity: 'info',
  subject: '/etc/bird/bird.conf',
  message: 'goes',
};
const networkd: Condition = {
  ...{ code: 'networkd-deletes-rules', severity: 'warning', subject: 'systemd-networkd' },
  message: 'it deletes our rules',
};
const finding = (...conditions: Condition[]) => ({
  makePlan: () => Promise.resolve(planned({ conditions })),
});

test('check of the installed file shows root the conditions of the host, and the exit code depends on the file', async () => {
  const ctx = fakeContext(finding(packaged, { ...packaged, severity: 'error', code: 'bird-down', subject: 'bird' }));
  expect(await run(['check'], ctx)).toBe(0);
  expect(ctx.stdout()).toBe(
    [ok, 'conditions', '  info bird-conf-packaged /etc/bird/bird.conf: goes', '  error bird-down bird: goes'].join(
      '\n',
    ),
  );
});

test('check as an ordinary user shows only the file, and the host is not read', async () => {
  const makePlan = () => Promise.reject(new Error('it was'));
  const ctx = fakeContext({ root: false, makePlan });
  expect(await run(['check'], ctx)).toBe(0);
  expect(ctx.stdout()).toMatch(/^\S+: ok \([^\n]*\)$/);
});

const veto: Condition = {
  ...{ code: 'underlay-inside-mesh', severity: 'error', subject: 'br0', message: 'it would be cut off', veto: true },
};
const vetoed = {
  makePlan: () => Promise.resolve(planned({ conditions: [networkd, veto], heldBy: veto.code })),
};

test('a state that this host would hold back fails check, wherever the file is', async () => {
  const installed = fakeContext(vetoed);
  expect(await run(['check'], installed)).toBe(1);
  expect(installed.stdout()).toContain('state.yaml: held back on this host by underlay-inside-mesh (2 tunnels');
  expect(installed.stdout()).toContain('  error underlay-inside-mesh br0: it would be cut off');
  expect(installed.stdout()).toContain('networkd-deletes-rules');
  const other = fakeContext(vetoed);
  expect(await run(['check', '/tmp/new.yaml'], other)).toBe(1);
  expect(other.stdout()).toContain('/tmp/new.yaml: held back on this host by underlay-inside-mesh');
  expect(other.stdout()).not.toContain('networkd-deletes-rules');
  const json = fakeContext(vetoed);
  expect(await run(['check', '/tmp/new.yaml', '--json'], json)).toBe(1);
  expect(JSON.parse(json.stdout())).toMatchObject({ ok: false, host: { heldBy: veto.code, conditions: [veto] } });
});

test('check of a file elsewhere shows no other conditions of this host', async () => {
  const ctx = fakeContext(finding(networkd, { ...packaged, severity: 'error', code: 'bird-down' }));
  expect(await run(['check', 'state.yaml'], ctx)).toBe(0);
  expect(ctx.stdout()).toMatch(/^\S+: ok \([^\n]*\)$/);
});

test('a warning about networkd contains the drop-in', async () => {
  const ctx = fakeContext(finding(networkd));
  await run(['check'], ctx);
  expect(ctx.stdout()).toContain(
    [
      '  warning networkd-deletes-rules systemd-networkd: it deletes our rules',
      '/etc/systemd/networkd.conf.d/wgospf.conf',
      '  # For /etc/systemd/networkd.conf.d/wgospf.conf: systemd-networkd leaves rules and routes of others alone.',
    ].join('\n'),
  );
});

test('--networkd-dropin prints only the drop-in, for the installed systemd, without root and without a file', async () => {
  const host = createFakeHost();
  writeFile(host.state, '/var/lib/dpkg/status', 'Package: systemd\nVersion: 257.8-1~deb13u2\n');
  const load = () => Promise.reject(new Error('no file is read'));
  const ctx = fakeContext({ root: false, load, host: () => host });
  expect(await run(['check', '--networkd-dropin'], ctx)).toBe(0);
  writeFile(host.state, '/etc/systemd/networkd.conf.d/wgospf.conf', `${ctx.stdout()}\n`);
  const { values } = await readSystemdConf(host.files, 'networkd.conf', 'Network');
  expect([...values]).toEqual([
    ['ManageForeignRoutingPolicyRules', 'no'],
    ['ManageForeignRoutes', 'no'],
  ]);
});

test('a host without a plan is reported, with everything that is known without one', async () => {
  const host = createFakeHost();
  writeFile(host.state, '/sys/fs/cgroup/system.slice/systemd-networkd.service/cgroup.procs', '1\n');
  const error = new HostError({ operation: 'wg show all dump', code: 'ENOENT', detail: 'no such program' });
  const ctx = fakeContext({ host: () => host, makePlan: () => Promise.reject(error) });
  expect(await run(['check', '--json'], ctx)).toBe(0);
  const { host: found } = JSON.parse(ctx.stdout()) as { host: { conditions: Condition[] } };
  expect(found.conditions.map(({ code }) => code)).toEqual([
    'no-plan',
    'networkd-deletes-rules',
    'networkd-deletes-routes',
  ]);
});
