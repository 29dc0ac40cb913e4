// The script of `wgospf down --print-script` does what `down` does, without wgospf: the package keeps it for purge.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from './lab/eventually.ts';
import { expectFull } from './lab/expect-mesh.ts';
import { makeSeedMesh, type SeedMesh } from './lab/seed-mesh.ts';

let mesh: SeedMesh;

beforeEach(async () => {
  mesh = await makeSeedMesh();
});

afterEach(() => mesh.lab.close());

/** Applied and Full; gives the dump from before and the script. */
async function applied(): Promise<{ found: string; script: string }> {
  const { side1, side2 } = mesh;
  await side1.router.writeState(side1.state('wg222'));
  await side2.router.writeState(side2.state('wg111'));
  await side1.router.sh('sysctl -qw net.ipv4.conf.eth1.rp_filter=1');
  const found = await side1.router.dump();
  for (const { router } of [side1, side2]) await router.wgospf(['apply', '--adopt']);
  await expectFull(side1.router, { wg222: '10.69.2.22' });
  await eventually(async () => {
    expect(await side1.router.sh('ip route show table 2 proto bird')).toContain('10.69.2.0/24');
  });
  const { stdout: script } = await side1.router.wgospf(['down', '--print-script']);
  return { found, script };
}

test('run by sh it leaves the router exactly as it was found; run again it changes nothing', async () => {
  const { found, script } = await applied();
  const { router } = mesh.side1;
  for (const secret of mesh.secrets) expect(script).not.toContain(secret);
  // routes that came after it was printed
  await router.sh('ip route add 10.69.77.0/24 dev eth1 table 2 proto bird metric 64');
  const run = (): Promise<{ exitCode: number; stderr: string }> =>
    router.exec('sh', ['-s'], { input: script, mayFail: true });
  expect(await run()).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await router.dump()).toBe(found);
  expect(await run()).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await router.dump()).toBe(found);
});

test('what the operator has put in the place of ours stays', async () => {
  const { script } = await applied();
  const { router } = mesh.side1;
  // the package is gone, and he goes on by hand
  await router.sh(`
    ip link delete wg222; ip link add wg222 type veth peer name wg222p
    printf '# my own\\nprotocol device {}\\n' > /etc/bird/bird.conf`);
  await router.exec('sh', ['-s'], { input: script, mayFail: true });
  expect(await router.sh('ip -o link show wg222')).toContain('wg222');
  expect(await router.readFile('/etc/bird/bird.conf')).toBe('# my own\nprotocol device {}\n');
  expect(await router.sh('(ip -N -4 rule; ip -N -6 rule) | grep "proto 87" || ip route show table 2')).toBe('');
});

test('after a reboot it touches files alone', async () => {
  const { script } = await applied();
  const { router } = mesh.side1;
  const boot = (await router.readFile('/proc/sys/kernel/random/boot_id')).trim();
  expect(script).toContain(boot);
  const rebooted = script.replace(boot, '00000000-0000-0000-0000-000000000000');
  // as they are set by somebody else after the reboot
  await router.sh('ip link delete wg222; ip -4 rule flush protocol 87; ip -6 rule flush protocol 87');
  const kernel =
    'sysctl net.ipv4.ip_forward net.ipv4.conf.eth1.rp_filter; ip addr show dev eth1; ip link show dev eth1';
  const before = await router.sh(kernel);
  expect(await router.exec('sh', ['-s'], { input: rebooted })).toMatchObject({ exitCode: 0 });
  expect(await router.sh(kernel)).toBe(before);
  expect(await router.sh('ls /etc/iproute2/rt_tables.d /etc/bird')).not.toMatch(/wgospf/);
  expect(await router.readFile('/etc/bird/bird.conf')).not.toContain('Managed by wgospf');
});

test('a link that cannot be taken away keeps its guards, and the script says so', async () => {
  const { script } = await applied();
  const { router } = mesh.side1;
  const stubborn = script.replace('ip link delete dev wg222', 'false');
  const { exitCode, stderr } = await router.exec('sh', ['-s'], { input: stubborn, mayFail: true });
  expect({ exitCode, stderr }).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/this is left: wg222/) as unknown,
  });
  expect(await router.sh('ip rule')).toContain('1099:\tfrom all iif wg222 unreachable');
});
