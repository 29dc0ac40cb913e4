// The operator's snippets: found, read as BIRD's own user, part of the check, and read again when they change.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { birdVersions, useBird } from './lab/bird-versions.ts';
import { eventually } from './lab/eventually.ts';
import { makeLab, type Lab } from './lab/make-lab.ts';
import type { Router } from './lab/router.ts';

let lab: Lab;
let router: Router;

beforeEach(async () => {
  lab = await makeLab();
  router = await lab.router('a');
});
afterEach(() => lab.close());

const FOLDER = '/etc/wgospf/bird.d';

const STATE = `version: 1
router: {node: 111}
mesh: {table: {name: nycmesh, id: 2}, prefixes: [10.69.0.0/16]}
interfaces:
  eth1: {address: 10.69.1.11/24}
bird:
  include: ${FOLDER}/*.conf
  ospf: {export: {filter: to_mesh}}
`;

const snippet = (word: string): string => `define operators_word = "${word}";
filter to_mesh { accept; }
`;

const versions = (await birdVersions()).map((version) => [version.label, version] as const);

test.for(versions)(
  'a pattern without a file is accepted, and one without its folder is refused, in BIRD %s',
  async ([, { bird }]) => {
    await router.writeFile('/etc/bird/try.conf', `include "/etc/bird/d/*.conf";\nprotocol device {}\n`);
    const parse = async (): Promise<number | undefined> =>
      (await router.exec(bird, ['-p', '-c', '/etc/bird/try.conf'], { mayFail: true })).exitCode;
    expect(await parse()).toBe(1);
    await router.sh('mkdir /etc/bird/d');
    expect(await parse()).toBe(0);
  },
);

test.for(versions)('snippets are included, and read again when one changes, in BIRD %s', async ([, version]) => {
  await useBird(router, version);
  await router.sh('ip link add eth1 type bridge; ip link set eth1 up');
  await router.startBird();
  await router.writeState(STATE);
  await router.sh(`mkdir -p ${FOLDER}; chmod 755 ${FOLDER}; chmod 750 /etc/wgospf`);
  const check = async (): Promise<string> => {
    const { stdout, stderr } = await router.wgospf(['check'], { mayFail: true });
    return stdout + stderr;
  };
  expect(await check()).toContain('filter-unknown');
  await router.writeFile(`${FOLDER}/mesh.conf`, snippet('one'), 0o644);
  expect(await check()).toContain('run: chmod o+x /etc/wgospf');
  // a BIRD that is down has no socket to show its user, and would not start
  await router.sh('birdc down');
  await eventually(() => router.sh('test ! -S /run/bird/bird.ctl'));
  expect(await check()).toContain('run: chmod o+x /etc/wgospf');
  await router.sh('chmod o+x /etc/wgospf');
  expect(await check()).toContain('ok');
  await router.startBird();
  await router.wgospf(['apply', '--adopt']);
  expect(await router.birdc('eval operators_word')).toContain('one');

  await router.writeFile(`${FOLDER}/mesh.conf`, snippet('two'), 0o644);
  const { stdout } = await router.wgospf(['apply']);
  expect(stdout).toMatch(/^in sync: \d+ operations done/m);
  expect(await router.birdc('eval operators_word')).toContain('two');
  expect((await router.wgospf(['plan'])).stdout).toContain('nothing to do');
});

test('a faulty snippet is refused with its name, and BIRD continues', async () => {
  await router.sh(
    `ip link add eth1 type bridge; ip link set eth1 up; mkdir -p ${FOLDER}; chmod 755 /etc/wgospf ${FOLDER}`,
  );
  await router.startBird();
  await router.writeState(STATE);
  await router.writeFile(`${FOLDER}/mesh.conf`, snippet('one'), 0o644);
  await router.wgospf(['apply', '--adopt']);
  await router.writeFile(`${FOLDER}/mesh.conf`, `${snippet('two')}nonsense\n`, 0o644);
  const { exitCode, stdout, stderr } = await router.wgospf(['apply'], { mayFail: true });
  expect(exitCode).not.toBe(0);
  expect(stdout + stderr).toContain(`${FOLDER}/mesh.conf:3:`);
  expect(await router.birdc('eval operators_word')).toContain('one');
});
