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

test.each(units)('%s is exposed to its limit at most', async (unit) => {
  const args = ['security', '--offline=true', `--threshold=${exposures[unit]}`, '--no-pager', installed(unit)];
  const { exitCode, all } = await execa('systemd-analyze', args, { reject: false, all: true });
  expect({ exitCode, all }).toMatchObject({ exitCode: 0 });
});

test('systemd takes the units', async () => {
  const args = ['verify', ...units.map(installed)];
  const { exitCode, all } = await execa('systemd-analyze', args, { reject: false, all: true });
  expect({ exitCode, all }).toEqual({ exitCode: 0, all: '' });
});

test('the guards come before every network manager, and nothing requires them', () => {
  expect(textOf('wgospf-guard.service')).toMatch(/^Before=network-pre\.target /m);
  expect(units.map(textOf).join('')).not.toMatch(/^(Requires|Requisite|BindsTo)=/m);
});
