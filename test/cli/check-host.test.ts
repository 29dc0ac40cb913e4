// `wgospf check` of this host: what is printed of it, and to whom.
import { expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import type { Condition } from '../../src/engine/types.ts';
import { HostError } from '../../src/host/error.ts';
import { readSystemdConf } from '../../src/host/systemd-conf.ts';
import { writeFile } from '../fakes/fake-files.ts';
import { createFakeHost } from '../fakes/fake-host.ts';
import { fakeContext } from './fake-context.ts';
import { plan } from './samples.ts';

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
  makePlan: () => Promise.resolve({ ...plan(), foreign: [], conditions }),
});

test("of the installed file root is told what is found; the exit code is the file's", async () => {
  const ctx = fakeContext(finding(packaged, { ...packaged, severity: 'error', code: 'bird-down', subject: 'bird' }));
  expect(await run(['check'], ctx)).toBe(0);
  expect(ctx.stdout()).toBe(
    [ok, 'conditions', '  info bird-conf-packaged /etc/bird/bird.conf: goes', '  error bird-down bird: goes'].join(
      '\n',
    ),
  );
});

test.each([
  ['another file', true, ['check', 'state.yaml']],
  ['another user', false, ['check']],
])('%s: the host is not looked at', async (_what, root, args) => {
  const makePlan = () => Promise.reject(new Error('it was'));
  const ctx = fakeContext({ root, makePlan });
  expect(await run(args, ctx)).toBe(0);
  expect(ctx.stdout()).toMatch(/^\S+: ok \([^\n]*\)$/);
});

test('a warning of networkd comes with the drop-in', async () => {
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

test('--networkd-dropin prints it alone, for the systemd that is installed, and needs neither root nor a file', async () => {
  const host = createFakeHost();
  writeFile(host.state, '/var/lib/dpkg/status', 'Package: systemd\nVersion: 257.8-1~deb13u2\n');
  const load = () => Promise.reject(new Error('no file is read'));
  const ctx = fakeContext({ root: false, load, host: () => host });
  expect(await run(['check', '--networkd-dropin'], ctx)).toBe(0);
  writeFile(host.state, '/etc/systemd/networkd.conf.d/wgospf.conf', `${ctx.stdout()}\n`);
  const settings = await readSystemdConf(host.files, 'networkd.conf', 'Network');
  expect([...settings]).toEqual([
    ['ManageForeignRoutingPolicyRules', 'no'],
    ['ManageForeignRoutes', 'no'],
  ]);
});

test('a host that no plan can be made of is told of, with what is known without one', async () => {
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
