// bird.conf and a real BIRD: written and loaded, left alone, repaired, refused, kept and restored.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { renderBirdConf } from '../../src/resources/bird/render.ts';
import { area, instance, local, ospf } from '../bird/models.ts';
import { cableModel, CONF, KEPT, lastConfigured, pass } from './bird-lab.ts';
import { makeLab, type Lab } from './lab/make-lab.ts';
import type { Router } from './lab/router.ts';

let lab: Lab;
let router: Router;

beforeEach(async () => {
  lab = await makeLab();
  router = await lab.router('node1');
});
afterEach(() => lab.close());

const TAKEN =
  'done birdc configure check && birdc configure timeout 30 && birdc show ospf neighbors && birdc configure confirm';

const wanted = cableModel(1);
const dearer = cableModel(1, { interfaces: [local('cab', '10.70.89.0/31', ospf({ cost: 40 }))] });
const running = (): Promise<string> => router.birdc('eval wgospf_generation');
const generationIn = async (): Promise<string> =>
  /^define wgospf_generation = "(.*)";$/m.exec(await router.readFile(CONF))?.[1] ?? 'none';
const ls = async (): Promise<string> => (await router.sh("cd /etc/bird; stat -c '%a %U:%G %n' bird.conf*")).trim();
const EDITED = `/var/lib/wgospf/bird${CONF}.edited-*`;
const theirs = 'log syslog all;\nrouter id 192.0.2.1;\nprotocol device {\n}\n';

test('a bird.conf is written and taken, and a second pass leaves file and BIRD alone', async () => {
  await router.sh(`rm ${CONF}`);
  expect(await pass(router, { model: dearer })).toMatchObject({
    failures: [],
    inSync: false,
    conditions: [expect.stringMatching(/^bird-down: .*systemctl start bird/)],
  });
  await router.startBird();
  const report = await pass(router, { model: wanted });
  expect(report).toMatchObject({ inSync: true, failures: [], conditions: [] });
  expect(report.steps).toEqual([
    expect.stringMatching(/^done install -m 640 -o root -g bird .*bird\.conf {2}# generation \w{16}: /),
    TAKEN,
  ]);
  expect(await router.readFile(CONF)).toBe(renderBirdConf(wanted));
  expect(await running()).toContain(await generationIn());
  expect(await ls()).toBe('640 root:bird bird.conf');

  const [configured, inode] = [await lastConfigured(router), await router.sh(`stat -c %i ${CONF}`)];
  expect((await pass(router, { model: wanted })).steps).toEqual([]);
  expect([await lastConfigured(router), await router.sh(`stat -c %i ${CONF}`)]).toEqual([configured, inode]);
});

test('a file edited by hand and taken by BIRD is repaired in both', async () => {
  await router.sh(`rm ${CONF}`);
  await pass(router, { model: wanted });
  await router.startBird();
  await router.sh(`sed -i 's/^router id .*/router id 10.69.9.9;/' ${CONF}; birdc configure`);
  expect(await router.birdc('show status')).toContain('Router ID is 10.69.9.9');
  const edited = await router.readFile(CONF);
  const report = await pass(router, { model: wanted });
  expect(report).toMatchObject({ inSync: true, impacts: ['none', 'adjacency-reset'] });
  expect(await router.birdc('show status')).toContain('Router ID is 10.69.1.1');
  expect(await router.readFile(CONF)).toBe(renderBirdConf(wanted));
  expect(await router.sh(`cat ${EDITED}`)).toBe(edited);
  expect(await router.sh(`stat -c '%a %U:%G' ${EDITED}`)).toBe('600 root:root\n');
});

test('a mode that BIRD cannot read with is corrected', async () => {
  await router.sh(`rm ${CONF}`);
  await pass(router, { model: wanted });
  await router.startBird();
  await router.sh(`chmod 600 ${CONF}; chown root:root ${CONF}`);
  expect((await pass(router, { model: wanted })).inSync).toBe(true);
  expect(await ls()).toBe('640 root:bird bird.conf');
  expect(await router.sh('birdc configure check')).toContain('Configuration OK');
});

test('a folder that BIRD cannot read is found by a parser with BIRD’s user, and nothing changes', async () => {
  await router.sh(`rm ${CONF}`);
  await pass(router, { model: wanted });
  await router.startBird();
  const generation = await running();
  await router.sh('chown root:root /etc/bird; chmod 700 /etc/bird');
  const report = await pass(router, { model: dearer });
  expect(report.inSync).toBe(false);
  expect(report.failures).toEqual([
    expect.stringMatching(/Unable to open configuration file .*Permission denied; the file in place was not touched/),
  ]);
  expect(await router.readFile(CONF)).toBe(renderBirdConf(wanted));
  expect(await running()).toBe(generation);
});

test("a file that BIRD's parser refuses is held back with line and column in each pass, and nothing changes", async () => {
  await router.sh(`mount -t tmpfs tmpfs /dev/shm; rm ${CONF}`); // the machine's own folder is shared
  await pass(router, { model: wanted });
  const faulty = cableModel(1, { bird: { instances: [instance({ areas: [area('0; }; nonsense')] })] } });
  for (let again = 0; again < 2; again++) {
    const report = await pass(router, { model: faulty });
    expect({ steps: report.steps, inSync: report.inSync }).toEqual({ steps: [], inSync: false });
    expect(report.conditions).toContainEqual(
      expect.stringMatching(/^bird-refuses: .*: \/etc\/bird\/bird\.conf:\d+:\d+ syntax error/),
    );
  }
  expect(await router.sh('ls /dev/shm')).toBe('');
  expect(await router.readFile(CONF)).toBe(renderBirdConf(wanted));
  expect(await ls()).toBe('640 root:bird bird.conf');
});

test('a foreign file stays, an adopted one is kept, and down restores it with mode and owner', async () => {
  await router.sh(`printf '%s' '${theirs}' > ${CONF}; chmod 600 ${CONF}; chown bird:bird ${CONF}`);
  await router.startBird();
  const before = await router.dump();
  const refused = await pass(router, { model: wanted });
  expect(refused).toMatchObject({ steps: [], inSync: false });
  expect(refused.conditions).toEqual([expect.stringContaining('wgospf apply --adopt')]);
  expect(await router.dump()).toBe(before);

  expect(await pass(router, { model: wanted, adopt: true })).toMatchObject({ inSync: true, failures: [] });
  expect(await ls()).toBe('640 root:bird bird.conf');
  expect(await router.readFile(KEPT)).toBe(theirs);
  expect(await router.birdc('show status')).toContain('Router ID is 10.69.1.1');

  expect(await pass(router, {})).toMatchObject({ inSync: true, failures: [] });
  expect(await router.birdc('show status')).toContain('Router ID is 192.0.2.1');
  expect(await router.dump()).toBe(before);
});

test('down without an earlier file leaves no file, and a BIRD without protocols', async () => {
  await router.sh(`rm ${CONF}`);
  await pass(router, { model: wanted });
  await router.startBird();
  expect(await pass(router, {})).toMatchObject({ inSync: true, failures: [] });
  expect(await router.sh('ls /etc/bird')).not.toContain('bird.conf');
  expect(await router.birdc('show protocols')).not.toContain('mesh4');
});

test('down while BIRD is down restores the file', async () => {
  await router.sh(`rm ${CONF}`);
  await pass(router, { model: wanted });
  expect(await pass(router, {})).toMatchObject({ inSync: true, failures: [] });
  expect(await router.sh('ls /etc/bird')).not.toContain('bird.conf');
});

test('with a hanging BIRD the file is written, and the pass ends', async () => {
  await router.sh(`rm ${CONF}`);
  const listen =
    "require('node:net').createServer(() => {}).listen('/run/bird/bird.ctl', () => console.log('listening'))";
  const hanging = router.start(process.execPath, ['-e', listen]);
  try {
    await router.sh('until [ -S /run/bird/bird.ctl ]; do sleep 0.05; done');
    const report = await pass(router, { model: wanted });
    expect(report.conditions).toEqual([expect.stringMatching(/^bird-not-answering: .*\/run\/bird\/bird\.ctl/)]);
    expect(await router.readFile(CONF)).toBe(renderBirdConf(wanted));
  } finally {
    await hanging.stop('SIGKILL');
  }
});

test('a BIRD whose process is stopped during the change takes the file when it continues', async () => {
  await router.sh(`rm ${CONF}`);
  await pass(router, { model: wanted });
  await router.startBird();
  await router.sh('kill -STOP $(pgrep -x bird)');
  expect((await pass(router, { model: dearer })).conditions).toEqual([expect.stringMatching(/^bird-not-answering/)]);
  await router.sh('kill -CONT $(pgrep -x bird)');
  const after = await pass(router, { model: dearer });
  expect(after).toMatchObject({
    inSync: true,
    conditions: [],
    steps: [TAKEN],
  });
  expect(await running()).toContain(await generationIn());
});

test('a BIRD that reads another file is reported', async () => {
  await router.sh(`rm ${CONF}`);
  await router.writeFile('/run/other.conf', theirs);
  await router.exec('bird', ['-u', 'bird', '-g', 'bird', '-c', '/run/other.conf']);
  const report = await pass(router, { model: wanted });
  expect(report.failures).toEqual([
    expect.stringContaining('this BIRD reads /run/other.conf, not /etc/bird/bird.conf'),
  ]);
  expect(await router.sh('ls /etc/bird')).not.toContain('bird.conf');
});
