// The units, by systemd's own judgement. Wants the Debian package systemd, and no systemd that runs.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, expect, test } from 'vitest';

/** With the exposure, in tenths, that each may have. */
const exposures = {
  'wgospf.service': 20,
  'wgospf-guard.service': 20,
  'wgospf-inside@.service': 20,
  // it mounts for the whole host, so no mount namespace shields it
  'wgospf-netns@.service': 60,
  // as the package's own bird.service, root until it has its socket
  'wgospf-bird@.service': 70,
} as const;
const units = Object.keys(exposures) as (keyof typeof exposures)[];
const folder = mkdtempSync(join(tmpdir(), 'units-'));
afterAll(() => rmSync(folder, { recursive: true }));

const textOf = (unit: string): string =>
  readFileSync(new URL(`../../systemd/${unit}`, import.meta.url).pathname, 'utf8');

/** The unit where what it names is installed. */
function installed(unit: string): string {
  const text = textOf(unit)
    .replaceAll(/\/usr\/(lib|bin)\/wgospf\S*/g, '/bin/true')
    .replace(/^Documentation=.*\n/m, '');
  const path = join(folder, unit);
  writeFileSync(path, text);
  return path;
}

test.each(units)('%s is exposed at most to its limit', async (unit) => {
  const args = ['security', '--offline=true', `--threshold=${exposures[unit]}`, '--no-pager', installed(unit)];
  const { exitCode, all } = await execa('systemd-analyze', args, { reject: false, all: true });
  expect({ exitCode, all }).toMatchObject({ exitCode: 0 });
});

test('systemd accepts the units', async () => {
  const args = ['verify', ...units.map(installed)];
  const { exitCode, all } = await execa('systemd-analyze', args, { reject: false, all: true });
  expect({ exitCode, all }).toEqual({ exitCode: 0, all: '' });
});

test('the guards come before every network manager, and nothing requires them', () => {
  const before = [...textOf('wgospf-guard.service').matchAll(/^Before=(.*)$/gm)].flatMap(([, names]) =>
    names?.split(' '),
  );
  // who has no ordering of his own after network-pre.target, as dhcpcd, has the one after sysinit.target by default
  expect(before).toEqual(expect.arrayContaining(['network-pre.target', 'sysinit.target', 'dhcpcd.service']));
  expect(units.map(textOf).join('')).not.toMatch(/^(Requires|Requisite|BindsTo)=/m);
});

/**
 * The unit's ExecStart= for a namespace `mesh`, where /sys may not be mounted anew, as in many containers: what is mounted on it
 * may not be uncovered (mount_too_revealing in fs/namespace.c).
 * @param before what else is so there
 */
async function startsNamespace(before = ''): Promise<string> {
  const [, command = ''] = /^ExecStart=(.*)$/m.exec(textOf('wgospf-netns@.service')) ?? [];
  const script = `
    mount -t tmpfs tmpfs /sys/fs; mount -t tmpfs tmpfs /run; ${before}
    unshare --user --map-root-user --net --mount bash -c '
      mount -t tmpfs tmpfs /run; ip netns add probe; ip -n probe link 2>&1; ip netns delete probe
      bash /dev/fd/3; echo "exit $?"; ip netns list; nsenter --net=/run/netns/mesh ip -br link show lo' 3<<'END' 2>&1 || true
${command.replaceAll('$$', '$').replaceAll('%i', 'mesh')}
END`;
  return (await execa('unshare', ['--mount', 'bash', '-c', script])).stdout;
}

test('a namespace is made although /sys may not be mounted again', async () => {
  const output = await startsNamespace();
  expect(output).toContain('mount of /sys failed');
  expect(output).toMatch(/exit 0\nmesh\nlo +(UNKNOWN|UP) /);
});

test('a namespace whose loopback cannot be set up is not left half made', async () => {
  const output = await startsNamespace(
    'printf "#!/bin/sh\\nexit 1\\n" >/run/nsenter; chmod 755 /run/nsenter; mount --bind /run/nsenter /usr/bin/nsenter;',
  );
  expect(output).toMatch(/^exit 1$/m);
  expect(output).not.toMatch(/^mesh/m);
});
