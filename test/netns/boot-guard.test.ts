// Boot: the guards of the last applied state exist before the agent starts, and the agent takes them as its own.
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PublicPlan } from '../../src/engine/public.ts';
import { makeLoneRouter, type LoneRouter } from './lab/lone-router.ts';
import type { Namespace } from './lab/namespace.ts';
import type { Router } from './lab/router.ts';

const guard = fileURLToPath(new URL('../../systemd/wgospf-guard', import.meta.url));
const FOLDER = '/var/lib/wgospf';
const files = [`${FOLDER}/guard-ipv4.batch`, `${FOLDER}/guard-ipv6.batch`];

let lone: LoneRouter;
/** the same router after a reboot: its files, and an empty kernel */
let booted: Router;
let behind: Namespace;

beforeAll(async () => {
  lone = await makeLoneRouter();
  const { lab, router } = lone;
  await router.wgospf(['apply', '--adopt']);
  booted = await lab.router('booted');
  for (const file of [...files, '/etc/wgospf/state.yaml', '/etc/wgospf/keys/wg222.key']) {
    await booted.writeFile(file, await router.readFile(file), 0o600);
  }
  // as sysctl.d and ifupdown leave a router before the agent is there
  await booted.sh('sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1');
  behind = await lab.host('behind', booted, { dev: 'eth1', address: '10.69.1.50/24', gateway: '10.69.1.11' });
  await booted.sh('ip address add 10.69.1.11/24 dev eth1');
  await lab.underlay.sh(`ip route add 10.69.1.0/24 via ${booted.underlay}`);
});
afterAll(() => lone.lab.close());

const runGuard = async (folder = FOLDER): Promise<{ code: number; output: string }> => {
  const output = await booted.sh(`${guard} ${folder} 2>&1 && code=0 || code=$?; echo "code $code"`);
  return { code: Number(/code (\d+)\n$/.exec(output)?.[1]), output: output };
};

const reaches = async (from: Namespace, to: string): Promise<boolean> =>
  (await from.exec('ping', ['-n', '-c', '1', '-W', '1', to], { mayFail: true })).stdout.includes(' 0% packet loss');

const ours = (of: Namespace): Promise<string> =>
  of.sh(
    'for f in 4 6; do ip -$f -d rule show; ip -$f -d route show table 2 type unreachable; done | grep -E "proto (87|wgospf)" | sed "s/ .detached.//; s/proto wgospf/proto 87/" | sort',
  );

test('mesh packets do not leave by the uplink, and none come in', async () => {
  // a router that forwards, without its guards: both directions leak
  expect([await reaches(behind, '203.0.113.1'), await reaches(lone.lab.underlay, '10.69.1.50')]).toEqual([true, true]);
  expect(await runGuard()).toEqual({ code: 0, output: 'code 0\n' });
  expect([await reaches(behind, '203.0.113.1'), await reaches(lone.lab.underlay, '10.69.1.50')]).toEqual([
    false,
    false,
  ]);
});

test('the router itself is reachable through its uplink, and reaches the internet', async () => {
  expect([await reaches(booted, '203.0.113.1'), await reaches(lone.lab.underlay, booted.underlay)]).toEqual([
    true,
    true,
  ]);
});

test('existing guards are no failure, and missing ones are installed', async () => {
  const before = await ours(booted);
  expect(before).toContain('iif wg222');
  await booted.sh('ip rule del priority 1099 iif wg222; ip -6 route flush table 2');
  expect((await runGuard()).code).toBe(0);
  expect(await ours(booted)).toBe(before);
});

test('a guard that cannot be installed is named, and all others are installed', async () => {
  const [ipv4 = ''] = files;
  const text = await booted.readFile(ipv4);
  await booted.writeFile(
    '/run/bad/guard-ipv4.batch',
    text.replace('\n', '\nroute add unreachable default table 2 dev nowhere\n'),
  );
  await booted.sh('ip rule del priority 1099 iif wg222');
  const { code, output: output } = await runGuard('/run/bad');
  expect(code).toBe(1);
  expect(output).toContain('nowhere');
  expect(output).toContain('not all guards are in place');
});

test('without files the script does nothing', async () => {
  expect(await runGuard('/run/nothing')).toEqual({ code: 0, output: 'code 0\n' });
});

test('the daemon takes the guards as its own and changes none', async () => {
  await runGuard();
  const before = await ours(booted);
  const plan = JSON.parse((await booted.wgospf(['plan', '--json', '--adopt'], { mayFail: true })).stdout) as PublicPlan;
  // the second guard is not one of the boot guards: docs/adr/0029
  const guards = plan.operations.filter(({ stage, kind }) => /^guard-/.test(stage) && kind !== 'nftables');
  expect(guards).toEqual([]);
  expect(plan.operations.filter(({ kind }) => kind === 'guard-file')).toEqual([]);
  await booted.wgospf(['apply', '--adopt'], { mayFail: true });
  const after = (await ours(booted)).split('\n');
  expect(before.split('\n').filter((line) => !after.includes(line))).toEqual([]);
});

test('the files follow the state: another prefix is written, and with table main there are none', async () => {
  const { router } = lone;
  const state = await router.readFile('/etc/wgospf/state.yaml');
  await router.writeState(state.replace('10.70.0.0/16]', '10.70.0.0/16, 192.168.42.0/24]'));
  await router.wgospf(['apply']);
  expect(await router.readFile(files[0] ?? '')).toContain('priority 1098 to 192.168.42.0/24 unreachable');
  await router.sh(`rm ${files[0] ?? ''}; echo damaged >${files[1] ?? ''}`);
  await router.wgospf(['apply']);
  expect(await router.sh(`cat ${files.join(' ')}`)).toMatch(
    /route add unreachable default(.|\n)*route add unreachable default/,
  );
  await router.wgospf(['down']);
  expect(await router.sh(`ls ${FOLDER}`)).not.toContain('guard');
});
