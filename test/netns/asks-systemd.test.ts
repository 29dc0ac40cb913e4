// What is asked of systemd, which is a script here: to start a BIRD that it passed over, since its package brought no bird.conf; and
// units of ours that fail.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { wasSkipped } from '../../src/host/bird/start-skipped.ts';
import { makeLab, type Lab } from './lab/make-lab.ts';
import type { Router } from './lab/router.ts';

let lab: Lab;
let router: Router;

const STATE = `version: 1
router: {node: 111}
mesh: {table: {name: nycmesh, id: 2}, prefixes: [10.69.0.0/16]}
interfaces:
  eth1: {address: 10.69.1.11/24}
`;

const shown = (more: Readonly<Record<string, string>> = {}): string =>
  Object.entries({
    ...{ UnitFileState: 'enabled', ActiveState: 'inactive', ConditionResult: 'no', ConditionTimestampMonotonic: '7' },
    ...more,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

/** systemctl(1) as far as it is asked: a case of a shell for each command line. */
const systemctl = (...cases: readonly string[]): Promise<void> =>
  router.writeFile('/run/bin/systemctl', `#!/bin/sh\ncase "$*" in\n${cases.join(' ;;\n')} ;;\nesac\n`, 0o755);

/** It tells this of bird.service, and starts it. */
const systemctlOfBird = (answer: string): Promise<void> =>
  systemctl(`show*) printf '%s' '${answer}'`, 'start*) bird -u bird -g bird');

beforeAll(async () => {
  lab = await makeLab();
  router = await lab.router('a');
  await router.sh(`
    ip link add eth1 type bridge; ip link set eth1 up
    mkdir -p /run/systemd/system; mount -t tmpfs tmpfs /usr/local/sbin; ln -s /run/bin/systemctl /usr/local/sbin/`);
  await router.writeState(STATE);
});
afterAll(() => lab.close());

test.each([
  ['was passed over', {}, true],
  ['runs', { ActiveState: 'active', ConditionResult: 'yes' }, false],
  ['was stopped by hand', { ConditionResult: 'yes' }, false],
  ['is disabled', { UnitFileState: 'disabled' }, false],
  ['has its turn yet to come, at boot', { ConditionTimestampMonotonic: '0' }, false],
  ['is not installed', { UnitFileState: '' }, false],
] as const)('a bird.service that %s', (_what, more, skipped) => {
  expect(wasSkipped(shown(more))).toBe(skipped);
});

test('a BIRD that was stopped by hand is not started by the first bird.conf', async () => {
  await router.sh('rm /etc/bird/bird.conf');
  await systemctlOfBird(shown({ ConditionResult: 'yes' }));
  const { exitCode, stdout } = await router.wgospf(['apply'], { mayFail: true });
  expect(exitCode).not.toBe(0);
  expect(stdout).toContain('bird-down');
  await router.wgospf(['down']);
});

test('a BIRD that was skipped for lack of a bird.conf is started by the first one', async () => {
  await router.sh('rm -f /etc/bird/bird.conf');
  await systemctlOfBird(shown());
  const { exitCode, stdout } = await router.wgospf(['apply'], { mayFail: true });
  expect({ exitCode, stdout }).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('in sync') as string });
  expect(await router.birdc('show ospf interface')).toContain('eth1');
});

test('a namespace that a failed unit left half made is removed by down', async () => {
  await router.wgospf(['down']);
  const { program } = await router.built();
  const part = `nsenter --net=/run/netns/nycmesh ${process.execPath} ${program} inside nycmesh --socket /run/wgospf/inside-nycmesh.sock`;
  await systemctl(
    'start*wgospf-netns@*) ip netns add nycmesh; exit 1',
    `start*wgospf-inside@*) setsid ${part} >/dev/null 2>&1 </dev/null &`,
  );
  await router.writeState(STATE.replace('mesh: {', 'mesh: {isolation: netns, '));
  expect((await router.wgospf(['apply', '--adopt'], { mayFail: true })).exitCode).not.toBe(0);
  expect(await router.sh('ip netns list')).toContain('nycmesh');
  await router.wgospf(['down']);
  expect(await router.sh('ip netns list')).toBe('');
});
