// Other programs on the host, or missing ones, and the conditions about them.
import { readFileSync } from 'node:fs';
import { networkdDropIns } from '../../packaging/deb/contents.ts';
import { expect, test } from 'vitest';
import { resources } from '../../src/resources/index.ts';
import { networkdDropIn } from '../../src/resources/surroundings/networkd.ts';
import { makePlan } from '../../src/engine/reconcile.ts';
import type { Condition } from '../../src/engine/types.ts';
import type { Host } from '../../src/host/types.ts';
import { writeFile } from '../fakes/fake-files.ts';
import { createFakeHost, type FakeHost } from '../fakes/fake-host.ts';
import { node111 } from '../bird/models.ts';

const NETWORKD = '/sys/fs/cgroup/system.slice/systemd-networkd.service/cgroup.procs';
const both = 'ManageForeignRoutingPolicyRules=no\nManageForeignRoutes=no\n';

/** A host with these files. */
function hostWith(files: Readonly<Record<string, string>>): FakeHost {
  const host = createFakeHost();
  for (const [path, text] of Object.entries(files)) writeFile(host.state, path, text);
  return host;
}

async function conditions(host: Host, codes: string): Promise<Condition[]> {
  const plan = await makePlan(host, resources, node111(), { adopt: false });
  return plan.conditions.filter(({ code }) => code.startsWith(codes));
}

const conditionsOf = async (host: Host, codes: string): Promise<string[]> =>
  (await conditions(host, codes)).map(({ code, severity }) => `${severity} ${code}`);

const status = (version: string): string =>
  `Package: libsystemd0\nVersion: 1\n\nPackage: systemd\nStatus: install ok installed\nVersion: ${version}\n`;

const networkd = (files: Readonly<Record<string, string>>, version = '257.8-1'): Promise<string[]> =>
  conditionsOf(hostWith({ [NETWORKD]: '412\n', '/var/lib/dpkg/status': status(version), ...files }), 'networkd');

const rules = 'warning networkd-deletes-rules';
const routes = 'warning networkd-deletes-routes';

test('networkd with its defaults gives a condition', async () => {
  expect(await networkd({})).toEqual([rules, routes]);
});

test('a missing networkd gives no condition', async () => {
  expect(await conditionsOf(hostWith({}), 'networkd')).toEqual([]);
  expect(await conditionsOf(hostWith({ [NETWORKD]: '' }), 'networkd')).toEqual([]);
});

test('networkd that starts at the next boot gives a condition', async () => {
  const link = '/etc/systemd/system/multi-user.target.wants/systemd-networkd.service';
  expect(
    await conditionsOf(hostWith({ [link]: '[Unit]\n', '/var/lib/dpkg/status': status('257') }), 'networkd'),
  ).toEqual([rules, routes]);
});

test.each([
  ['in the main file', { '/etc/systemd/networkd.conf': `[Network]\n${both}` }, []],
  ["in the vendor's main file", { '/usr/lib/systemd/networkd.conf': `[Network]\n${both}` }, []],
  [
    "in the vendor's main file, which the administrator's hides",
    { '/usr/lib/systemd/networkd.conf': `[Network]\n${both}`, '/etc/systemd/networkd.conf': '[Network]\n' },
    [rules, routes],
  ],
  ['in a drop-in', { '/run/systemd/networkd.conf.d/a.conf': `[Network]\n${both}` }, []],
  [
    'in a drop-in, which one of a later name undoes, whatever its folder',
    {
      '/etc/systemd/networkd.conf.d/10-a.conf': `[Network]\n${both}`,
      '/usr/lib/systemd/networkd.conf.d/20-b.conf': '[Network]\nManageForeignRoutes=1\n',
    },
    [routes],
  ],
  [
    'in a drop-in, which one of the same name in /etc hides',
    { '/usr/lib/systemd/networkd.conf.d/a.conf': `[Network]\n${both}`, '/etc/systemd/networkd.conf.d/a.conf': '' },
    [rules, routes],
  ],
  [
    'in a file that is no drop-in',
    { '/etc/systemd/networkd.conf.d/a.conf.bak': `[Network]\n${both}` },
    [rules, routes],
  ],
  ['in another section', { '/etc/systemd/networkd.conf': `[DHCPv4]\n${both}` }, [rules, routes]],
  ['as a comment', { '/etc/systemd/networkd.conf': `[Network]\n#${both}` }, [rules]],
  [
    'with spaces and another word',
    { '/etc/systemd/networkd.conf': '[Network]\nManageForeignRoutingPolicyRules = OFF\n' },
    [routes],
  ],
])('networkd that is switched off %s gives no condition', async (_where, files, expected) => {
  expect(await networkd(files)).toEqual(expected);
});

test.each(['257.8-1~deb13u2', '252.38-1~deb12u1', '249.11-0ubuntu3.12', '255.4-1ubuntu8'])(
  'with the drop-in for %s there is no warning',
  async (version) => {
    const files = { '/etc/systemd/networkd.conf.d/wgospf.conf': networkdDropIn(Number.parseInt(version, 10)) };
    const left = await networkd(files, version);
    expect(left).toEqual(version.startsWith('249') ? ['info networkd-deletes-routes'] : []);
  },
);

test('the drop-in leaves out settings that are not advisable, by version', () => {
  const off = (version: number | undefined): boolean => networkdDropIn(version).includes('\nManageForeignRoutes=no\n');
  expect([undefined, 249, 252, 257].map(off)).toEqual([false, false, true, true]);
  expect(networkdDropIn(249)).toContain('systemd#20201');
  expect(networkdDropIn(252)).toContain('systemd#30403');
  expect(networkdDropIn(257)).not.toContain('systemd#');
});

/** The package's files below /usr/lib, as files of a host. */
const packaged: Readonly<Record<string, string>> = Object.fromEntries(
  networkdDropIns().flatMap((entry) => ('from' in entry ? [[`/${entry.path}`, readFileSync(entry.from, 'utf8')]] : [])),
);

test("with the package's drop-ins there is no warning", async () => {
  expect(Object.keys(packaged)).toHaveLength(2);
  expect(await networkd(packaged)).toEqual([]);
});

test.each([
  ['each of them', { 'wgospf.conf': '', 'wgospf-routes.conf': '' }, [rules, routes]],
  ['the one of routes alone, as postinst does with systemd 249', { 'wgospf-routes.conf': '' }, [routes]],
  ['one setting by a file of a later name', { 'zz.conf': '[Network]\nManageForeignRoutingPolicyRules=yes\n' }, [rules]],
])("an operator's file that overrides the drop-ins, %s, is reported", async (_what, own, expected) => {
  const files = Object.entries(own).map(([name, text]) => [`/etc/systemd/networkd.conf.d/${name}`, text]);
  expect(await networkd({ ...packaged, ...(Object.fromEntries(files) as Record<string, string>) })).toEqual(expected);
});

const INVOCATION = '/run/systemd/units/invocation:systemd-networkd.service';
const UNREAD = '/run/wgospf-networkd-unread';

/** The conditions for a networkd that started at 1000; files of /etc have the time `mtime`, those of /usr/lib an old one. */
async function started(files: Readonly<Record<string, string>>, mtime = 0): Promise<Condition[]> {
  const own = { [NETWORKD]: '412\n', [INVOCATION]: 'aa11', '/var/lib/dpkg/status': status('257'), ...files };
  const host = hostWith(own);
  const timed: Host = {
    ...host,
    files: {
      ...host.files,
      link: async (path) => {
        const link = await host.files.link(path);
        return link && { ...link, mtime: 1000 };
      },
      stat: async (path) => {
        const stat = await host.files.stat(path);
        return stat && { ...stat, mtime: path.startsWith('/etc/') ? mtime : 1 };
      },
    },
  };
  return conditions(timed, 'networkd');
}

test('a networkd that has run since before the drop-ins is reported, with its restart as the cure', async () => {
  const reported = await started({ ...packaged, [UNREAD]: 'aa11\n' });
  expect(reported.map(({ code, severity }) => `${severity} ${code}`)).toEqual([rules, routes]);
  for (const { message } of reported) expect(message).toMatch(/has not read it.*; systemctl restart systemd-networkd$/);
  expect(await started({ ...packaged, [UNREAD]: 'bb22\n' })).toEqual([]);
  expect(await started(packaged)).toEqual([]);
});

test("an operator's file that is younger than the running networkd counts as unread", async () => {
  const own = { '/etc/systemd/networkd.conf.d/own.conf': `[Network]\n${both}` };
  expect(await started(own, 999)).toEqual([]);
  expect((await started(own, 1001)).map(({ code }) => code)).toEqual([
    'networkd-deletes-rules',
    'networkd-deletes-routes',
  ]);
});

test('NetworkManager that manages an interface of ours is reported', async () => {
  const host = hostWith({ '/sys/fs/cgroup/system.slice/NetworkManager.service/cgroup.procs': '7\n' });
  host.run('ip link add eth1 type dummy');
  const index = (await host.rtnl.links()).find(({ name }) => name === 'eth1')?.index ?? 0;
  const device = `/run/NetworkManager/devices/${index}`;
  writeFile(host.state, device, '[device]\nmanaged=false\n');
  expect(await conditions(host, 'networkmanager')).toEqual([]);
  writeFile(host.state, device, '[device]\nmanaged=true\nroute-metric-default-aspired=100\n');
  expect(await conditions(host, 'networkmanager')).toMatchObject([
    {
      code: 'networkmanager-manages-link',
      subject: 'eth1',
      message: expect.stringContaining('unmanaged-devices=interface-name:eth1') as unknown,
    },
  ]);
});

test.each([
  ['bird', 'kernel'],
  ['wg', 'kernel'],
  ['wireguard-go', 'userspace'],
])('a missing %s with WireGuard of the %s is reported', async (program, backend) => {
  const host = createFakeHost({ kernelWireguard: backend === 'kernel' });
  const without: Host = {
    ...host,
    files: {
      ...host.files,
      stat: (path) => (path.endsWith(`bin/${program}`) ? Promise.resolve(undefined) : host.files.stat(path)),
    },
  };
  const model = { ...node111(), wireguard: { ...node111().wireguard, backend } } as ReturnType<typeof node111>;
  const { conditions: all } = await makePlan(without, resources, model, { adopt: false });
  expect(all).toContainEqual(expect.objectContaining({ code: 'program-missing', severity: 'error', subject: program }));
  const { conditions: complete } = await makePlan(host, resources, model, { adopt: false });
  expect(complete.filter(({ code }) => code === 'program-missing')).toEqual([]);
});

test("the kernel's own rules are reported when they are deleted", async () => {
  const host = createFakeHost();
  expect(await conditions(host, 'default-rules')).toEqual([]);
  host.run('ip rule del priority 32766 lookup main');
  host.run('ip -6 rule del priority 32766 lookup main');
  expect(await conditions(host, 'default-rules')).toMatchObject([
    {
      severity: 'warning',
      message: expect.stringContaining(
        'put them back: ip rule add priority 32766 lookup main && ip -6 rule add priority 32766 lookup main',
      ) as unknown,
    },
  ]);
});

test("a kernel's rule that was moved counts as present", async () => {
  const host = createFakeHost();
  host.run('ip rule add priority 32000 lookup main');
  host.run('ip rule del priority 32766 lookup main');
  expect(await conditions(host, 'default-rules')).toEqual([]);
});
