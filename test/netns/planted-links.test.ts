// The user bird, who owns /etc/bird and /run/bird, puts links there to mislead root.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withHeader } from '../../src/resources/bird/header.ts';
import { eventually } from './lab/eventually.ts';
import { makeLoneRouter, type LoneRouter } from './lab/lone-router.ts';
import type { Router } from './lab/router.ts';

const CONF = '/etc/bird/bird.conf';
const OWN = '/var/lib/wgospf/bird';
const SECRETS = `${OWN}${CONF}.secrets`;
const PASSWORD = 'nobody-shall-read-this';

let lone: LoneRouter;
let router: Router;
let state: string;

beforeAll(async () => {
  lone = await makeLoneRouter();
  ({ router } = lone);
  await router.writeFile('/etc/wgospf/keys/wg222.ospf', `${PASSWORD}\n`, 0o600);
  const plain = await router.readFile('/etc/wgospf/state.yaml');
  state = plain.replace('dead: 4}', 'dead: 4, authentication: {passwordFile: keys/wg222.ospf}}');
  expect(state).toContain('passwordFile');
  await router.writeState(state);
});
afterAll(() => lone.lab.close());

const asBird = (script: string): Promise<string> =>
  router.sh(`setpriv --reuid=bird --regid=bird --clear-groups sh -ec '${script}'`);
const apply = (): Promise<{ stdout: string; stderr: string; exitCode: number }> =>
  router.wgospf(['apply', '--adopt'], { mayFail: true });
const conditions = async (): Promise<{ code: string; message: string }[]> =>
  (JSON.parse((await router.wgospf(['plan', '--json'], { mayFail: true })).stdout) as { conditions: never[] })
    .conditions;
/** what the user can read although root must not show it */
const leaked = (): Promise<string> =>
  asBird('grep -rlsf /run/needle --exclude=needle /etc /run /var/lib || true').then((out) => out.trim());

test('links at all names that root uses in BIRD’s folder cause no copy and no overwritten file', async () => {
  await router.sh(
    `mkdir -p /etc/cron.d; echo root >/etc/cron.d/x; cp /etc/wgospf/keys/wg222.key /run/needle; chmod 644 /run/needle`,
  );
  await asBird('cd /etc/bird; ln -s /etc/wgospf/keys/wg222.key wgospf-secrets.conf');
  await asBird(
    'cd /etc/bird; for f in bird.conf.last-good bird.conf.new wgospf-secrets.conf.last-good; do ln -s /etc/cron.d/x $f; done',
  );
  await asBird('cd /etc/bird; ln -s /etc/wgospf/keys/wg222.key bird.conf.before-wgospf');
  expect(await apply()).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('in sync') as unknown });
  expect(await router.readFile('/etc/cron.d/x')).toBe('root\n');
  expect(await router.sh('cd /etc/bird; ls -A | grep -v envvars')).toBe('bird.conf\n');
  expect(await leaked()).toBe('');
  expect(await router.sh(`stat -c %a:%U:%G ${SECRETS}`)).toBe('640:root:bird\n');
  expect(await asBird(`cat ${SECRETS}`)).toContain(PASSWORD);
  expect(await router.sh(`find ${OWN} -type d -perm /022 -o -type f -name "*before*" -perm /077`)).toBe('');
});

test('a bird.conf that is a link to a key is neither read nor written, and its cure works', async () => {
  await asBird('cd /etc/bird; rm -f bird.conf; ln -s /etc/wgospf/keys/wg222.key bird.conf');
  const key = await router.readFile('/etc/wgospf/keys/wg222.key');
  const condition = (await conditions()).find(({ code }) => code === 'bird-conf-unsafe');
  expect(condition?.message).toContain('symbolic link');
  expect((await apply()).exitCode).not.toBe(0);
  expect(await router.readFile('/etc/wgospf/keys/wg222.key')).toBe(key);
  expect(await leaked()).toBe('');
  const [, cure = 'false'] = /run: (.*)$/.exec(condition?.message ?? '') ?? [];
  await router.sh(cure);
  expect(await apply()).toMatchObject({ exitCode: 0 });
  expect((await conditions()).map(({ code }) => code)).not.toContain('bird-conf-unsafe');
  await router.sh('rm /etc/bird/bird.conf.aside');
});

test.each([
  ['a named pipe', 'mkfifo bird.conf'],
  ['another name of a key', 'ln /etc/wgospf/keys/wg222.key bird.conf'],
])('a bird.conf that is %s is not read, and blocks no pass', async (_, plant) => {
  await router.sh(`cd /etc/bird; mv bird.conf ../saved; ${plant}`);
  expect((await conditions()).map(({ code }) => code)).toContain('bird-conf-unsafe');
  expect((await apply()).exitCode).not.toBe(0);
  expect((await router.wgospf(['down'], { mayFail: true })).stdout).toContain('not down');
  await router.sh('rm /etc/bird/bird.conf; mv /etc/saved /etc/bird/bird.conf');
  expect(await apply()).toMatchObject({ exitCode: 0 });
});

test('a control socket that is a link to one of root is not used', async () => {
  await router.sh(
    'perl -MIO::Socket::UNIX -e \'IO::Socket::UNIX->new(Local=>"/run/roots.sock",Listen=>1)\'; chmod 600 /run/roots.sock',
  );
  await asBird('cd /run/bird; mv bird.ctl saved; ln -s /run/roots.sock bird.ctl');
  const condition = (await conditions()).find(({ code }) => code === 'bird-not-answering');
  expect(condition?.message).toContain('symbolic link');
  await asBird('cd /run/bird; mv saved bird.ctl');
});

test('temporary files of a killed run are gone after the next apply, which has nothing to do', async () => {
  const left = ['/etc/bird/.bird.conf', '/var/lib/wgospf/.guard-ipv4.batch', '/etc/wgospf/keys/.wg222.key'];
  await router.sh(left.map((file) => `touch ${file}.wgospf-0123456789ab`).join('; '));
  expect((await apply()).stdout).toContain('nothing to do');
  expect(await router.sh(`ls -d ${left.map((file) => `${file}.*`).join(' ')} 2>/dev/null || true`)).toBe('');
});

test("files at an older version's paths are moved by one apply, and BIRD never lacks the passwords", async () => {
  const text = await router.readFile(CONF);
  const body = text.split('\n').slice(2).join('\n').replace(SECRETS, '/etc/bird/wgospf-secrets.conf');
  await router.writeFile(CONF, withHeader(body, '/etc/wgospf/state.yaml'), 0o640);
  await router.sh(`
    mv ${SECRETS} /etc/bird/wgospf-secrets.conf; mv ${OWN}${CONF}.before-wgospf /etc/bird/; rm -rf ${OWN}
    chown root:bird ${CONF} /etc/bird/wgospf-secrets.conf; chown bird:bird /etc/bird/bird.conf.before-wgospf
    chmod 700 /var/lib/wgospf; chmod 640 /etc/bird/bird.conf.before-wgospf; rm -f /var/lib/wgospf/notes.json
    birdc configure`);
  expect(await apply()).toMatchObject({ exitCode: 0 });
  expect(await router.sh('cd /etc/bird; ls -A | grep -v envvars')).toBe('bird.conf\n');
  expect(await router.birdc('eval wgospf_secrets')).toMatch(/[0-9a-f]{16}/);
  expect(await router.sh(`stat -c %a ${OWN}${CONF}.before-wgospf /var/lib/wgospf`)).toBe('600\n711\n');
});

test('down restores the earlier file as it was, and leaves nothing of ours in either folder', async () => {
  expect((await router.wgospf(['down'])).stdout).toContain('nothing of ours is left');
  expect(await router.sh('cd /etc/bird; stat -c "%a %U:%G %n" bird.conf*')).toBe('640 bird:bird bird.conf\n');
  expect(await router.readFile(CONF)).toContain('log syslog all');
  expect(await router.sh(`find ${OWN} -type f; ls -A /etc/bird | grep -v envvars`)).toBe('bird.conf\n');
});

test('after a reboot `down` finds a bird.conf of ours at a path of the operator’s', async () => {
  const custom = '/etc/bird/mesh.conf';
  const socket = '/run/bird/mesh.ctl';
  await router.writeState(`${state}bird: {configFile: ${custom}, controlSocket: ${socket}}\n`);
  await apply();
  // what a reboot takes, and BIRD's unit starts
  await router.sh(`rm -rf /run/wgospf; bird -u bird -g bird -c ${custom} -s ${socket}`);
  await eventually(() => router.sh(`birdc -s ${socket} show protocols mesh4 | grep OSPF`));
  expect((await router.wgospf(['plan', '--json'], { mayFail: true })).exitCode).toBeLessThan(5);
  const { stdout } = await router.wgospf(['down']);
  expect(stdout).toContain(`rm ${custom}`);
  // no reboot took the sysctls, only their notes: they cannot be given back, and that is said
  expect(stdout).toContain('notes-lost');
  expect(await router.sh(`ls ${custom} 2>&1 || true`)).toContain('No such file');
  expect(await router.sh(`birdc -s ${socket} show protocols`)).not.toContain('OSPF');
  expect(await router.sh(`find /var/lib/wgospf -name notes.json`)).toBe('');
});
