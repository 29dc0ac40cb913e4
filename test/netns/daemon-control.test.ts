// The daemon as systemd and an operator see it: readiness, status line, watchdog, who may ask, hold, reload, watch.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StatusAnswer } from '../../src/daemon/sockets.ts';
import { eventually } from './lab/eventually.ts';
import { makeLoneRouter, type LoneRouter } from './lab/lone-router.ts';
import type { Executed } from './lab/namespace.ts';
import type { Router } from './lab/router.ts';
import { type Service, startService } from './lab/systemd.ts';

const STATE = '/etc/wgospf/state.yaml';
const ROUTE = '10.69.1.0/24 dev eth1 table 2';
let lone: LoneRouter;
let router: Router;
let service: Service;
let state: string;

beforeAll(async () => {
  lone = await makeLoneRouter();
  ({ router } = lone);
  await router.sh('echo wgospf:x:4242: >>/etc/group');
  state = await router.readFile(STATE);
  await router.wgospf(['apply', '--adopt']);
  await router.sh(`ip route del ${ROUTE}`);
  service = await startService(router, 2);
});

afterAll(async () => {
  await lone.lab.close();
});

const hasRoute = async (): Promise<boolean> => (await router.sh(`ip route show ${ROUTE}`)) !== '';

const status = async (): Promise<StatusAnswer> =>
  JSON.parse((await router.wgospf(['status', '--json'], { mayFail: true })).stdout) as StatusAnswer;

/** The built program as user nobody, in one group. */
async function asNobody(gid: number, ...args: string[]): Promise<Executed> {
  const { program } = await router.built();
  const who = ['--reuid', '65534', '--regid', String(gid), '--clear-groups'];
  return router.exec('setpriv', [...who, process.execPath, program, ...args], { mayFail: true });
}

test('READY is sent after the first pass, and then a status line', async () => {
  await service.hear(/^READY=1 \| .*MAINPID=\d+$/);
  expect(await hasRoute()).toBe(true);
  await service.hear(/STATUS=0\/1 tunnels up, 0\/1 adjacencies Full, \d+ routes?, in sync/);
});

test('apply and down are refused while the daemon runs, also in another network namespace', async () => {
  const { program } = await router.built();
  const files = 'sha256sum /etc/bird/bird.conf /run/wgospf/notes.json';
  const found = await router.sh(files);
  const down = [program, 'down'];
  for (const [command, args] of [
    [process.execPath, down],
    ['unshare', ['-n', process.execPath, ...down]],
  ] as const) {
    const { exitCode, stderr } = await router.exec(command, args, { mayFail: true });
    expect(exitCode, stderr).toBe(5);
    expect(stderr).toMatch(/the wgospf daemon \(pid \d+\) is at work here/);
  }
  expect(await router.sh(files)).toBe(found);
});

test('the watchdog is pinged repeatedly', async () => {
  await eventually(() => {
    expect(service.heard().filter((message) => message === 'WATCHDOG=1').length).toBeGreaterThan(2);
  });
});

test('root may send all requests, the group may read, and others nothing', async () => {
  expect(await router.sh("stat -c '%a %U:%G' /run/wgospf/control.sock /run/wgospf/status.sock")).toBe(
    '600 root:root\n660 root:wgospf\n',
  );
  expect((await status()).daemon?.passes).toBeGreaterThan(0);
  expect((await asNobody(4242, 'status')).stdout).toMatch(/^daemon: pid \d+, since /m);
  expect((await asNobody(4242, 'hold')).exitCode).toBe(4);
  expect((await asNobody(65534, 'status')).exitCode).toBe(4);
  expect((await asNobody(65534, 'watch')).stderr).toContain('in the group wgospf');
});

test('a member of the group cannot write, whatever it sends', async () => {
  const send = (socket: string): string =>
    `require('node:http').request({ socketPath: '/run/wgospf/${socket}', method: 'POST', path: '/hold', agent: false },
      (answer) => console.log(answer.statusCode)).on('error', (error) => console.log(error.code)).end()`;
  const nobody = ['--reuid', '65534', '--regid', '4242', '--clear-groups', process.execPath, '-e'];
  expect((await router.exec('setpriv', [...nobody, send('control.sock')])).stdout).toBe('EACCES\n');
  expect((await router.exec('setpriv', [...nobody, send('status.sock')])).stdout).toBe('403\n');
  expect((await status()).daemon?.holdUntil).toBeNull();
});

test('a held daemon repairs nothing and reports the repairs, and repairs after the hold', async () => {
  const from = service.heard().length;
  expect((await router.wgospf(['hold', '1h'])).stdout).toMatch(/^held until \d\d:\d\d:\d\d: nothing is repaired/);
  await service.hear(/STATUS=held until /, from);
  await router.sh(`ip route del ${ROUTE}`);
  await eventually(async () => expect((await status()).inSync).toBe(false));
  expect(await hasRoute()).toBe(false);
  expect((await router.wgospf(['hold'])).stdout).toContain('+ ip route add 10.69.1.0/24 dev eth1 table 2');
  expect((await router.wgospf(['status'], { mayFail: true })).stdout).toContain("held until 'wgospf resume'");
  expect((await router.wgospf(['resume'])).stdout).toBe('repairs go on\n');
  await eventually(async () => expect(await hasRoute()).toBe(true));
});

test('reload ends when the router is as the file describes it', async () => {
  const from = service.heard().length;
  await router.writeState(state.replace('cost: 15', 'cost: 99'));
  const done = await router.wgospf(['reload']);
  expect(done.stdout).toMatch(/in sync: /);
  expect(await router.readFile('/etc/bird/bird.conf')).toContain('cost 99');
  await service.hear(/^RELOADING=1 \| MONOTONIC_USEC=\d+$/, from);
  await service.hear(/^READY=1/, from);
});

test('a bad file is reported with its position everywhere until it is corrected', async () => {
  const from = service.heard().length;
  await router.writeState(state.replace('cost: 15', 'cots: 15'));
  const refused = await router.wgospf(['reload'], { mayFail: true });
  expect(refused.exitCode).toBe(3);
  expect(refused.stderr).toMatch(/state\.yaml:\d+:\d+: error\[unknown-key\].*\n.*cots: 15.*\n.*\^\^\^\^/);
  expect(refused.stderr).toContain('the last good state stays in force');
  const shown = await router.wgospf(['status'], { mayFail: true });
  expect(shown.exitCode).toBe(1);
  expect(shown.stdout).toMatch(/the state file is bad, the last good state is in force:\n.*error\[unknown-key\]/);
  await service.hear(/STATUS=state file is bad: .*error\[unknown-key\].*the last good state is in force; /, from);
  expect(service.daemon.output()).toMatch(/^<3>state-bad: .*state\.yaml:\d+:\d+: /m);
  await router.writeState(state);
  expect((await router.wgospf(['reload'])).exitCode).toBe(0);
  expect(service.daemon.output()).toMatch(/^<5>state-mended: /m);
});

test('reload, status and the status line agree after a cure outside the file', async () => {
  const [key = ''] = (await router.sh('ls -d /etc/wgospf/keys/*.key')).split('\n');
  for (const [harm, cure] of [
    [`chmod 644 ${key}`, `chmod 600 ${key}`],
    [`chown 4242 ${key}`, `chown 0 ${key}`],
  ] as const) {
    await router.sh(harm);
    expect((await router.wgospf(['reload'], { mayFail: true })).exitCode).toBe(3);
    expect((await status()).daemon?.badState).toHaveLength(1);
    const from = service.heard().length;
    await router.sh(cure);
    const reload = await router.wgospf(['reload'], { mayFail: true });
    expect(reload).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^in sync: /m) as string });
    expect((await status()).daemon).toMatchObject({
      badState: [],
      source: 'file',
      lastPass: { report: { inSync: true } },
    });
    await service.hear(/STATUS=0\/1 tunnels up/, from);
  }
});

test('watch prints events as they happen', async () => {
  const { program } = await router.built();
  const watch = router.start(process.execPath, [program, 'watch']);
  const json = router.start(process.execPath, [program, 'watch', '--json']);
  // a condition comes and goes with each pass until the watchers are there
  await eventually(
    async () => {
      await router.sh(`ip route del ${ROUTE}`);
      await eventually(async () => expect(await hasRoute()).toBe(true), { every: 20 });
      expect(watch.output()).toMatch(/^\d\d:\d\d:\d\d repaired: route:.*10\.69\.1\.0\/24.* was deleted/m);
      expect(json.output()).toMatch(/^\{"type":"repaired",.*"undone":"deleted"/m);
    },
    { every: 500 },
  );
  await Promise.all([watch.stop(), json.stop()]);
});

test('a second daemon is refused', async () => {
  const second = await router.wgospf(['run'], { mayFail: true });
  expect(second).toMatchObject({ exitCode: 5, stdout: '' });
});

test('a killed daemon is replaced by the next one, and a stopped one leaves the network as it is', async () => {
  await service.stop('SIGKILL');
  expect((await router.wgospf(['reload'], { mayFail: true })).exitCode).toBe(6);
  service = await startService(router, 0);
  await service.hear(/^READY=1/);
  expect((await status()).daemon?.pid).toBeGreaterThan(0);
  const log = await service.stop();
  expect(log).toMatch(/^<6>stopping: /m);
  expect(await hasRoute()).toBe(true);
  expect(await router.sh('ls /run/wgospf')).not.toContain('.sock');
  expect((await status()).daemon).toBeNull();
});

test('no output contained a key', async () => {
  const keys = (await router.sh('cat /etc/wgospf/keys/*')).trim().split('\n');
  const outputs = [...lone.lab.log.filter(({ command }) => !command.includes('cat /etc/wgospf')).map((s) => s.output)];
  for (const key of keys)
    expect([...outputs, service.daemon.output(), service.heard().join()].join('\n')).not.toContain(key);
});
