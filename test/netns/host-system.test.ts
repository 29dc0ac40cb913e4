// Sysctls, the probe, the lock, names and notes of a namespace.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from './lab/eventually.ts';
import { openNamespace, type Namespace } from './lab/namespace.ts';
import { remoteHost, type RemoteHost } from './remote/remote-host.ts';

const lockModule = new URL('../../src/host/lock.ts', import.meta.url).pathname;

let ns: Namespace;
let host: RemoteHost;

beforeAll(async () => {
  ns = await openNamespace('host-sys');
  host = remoteHost(ns);
});

afterAll(async () => {
  await host.end();
  await ns.close();
});

test('a sysctl of the namespace is written and read back', async () => {
  expect(await host.sysctl.read('net.ipv4.ip_forward')).toBe('0');
  await host.sysctl.write('net.ipv4.ip_forward', '1');
  expect(await host.sysctl.read('net.ipv4.ip_forward')).toBe('1');
  expect((await ns.sh('sysctl -n net.ipv4.ip_forward')).trim()).toBe('1');
});

test('a sysctl of a link with a dot in its name is written and read', async () => {
  await ns.sh('ip link add eth0.7 type veth peer name far');
  await host.sysctl.write('net.ipv4.conf.eth0/7.rp_filter', '2');
  expect((await ns.sh('cat /proc/sys/net/ipv4/conf/eth0.7/rp_filter')).trim()).toBe('2');
  await ns.sh('ip link del eth0.7');
  expect(await host.sysctl.read('net.ipv4.conf.eth0/7.rp_filter')).toBeUndefined();
});

test('a value that the kernel refuses is EINVAL with the command', async () => {
  await expect(host.sysctl.write('net.ipv4.ip_forward', 'maybe')).rejects.toMatchObject({
    code: 'EINVAL',
    operation: 'sysctl -w net.ipv4.ip_forward=maybe',
    detail: 'the kernel refuses the value',
  });
});

test('IPv6 that a sysctl switched off still counts, because it can come back on each interface', async () => {
  expect((await host.probeEnv()).ipv6).toBe(true);
  await host.sysctl.write('net.ipv6.conf.all.disable_ipv6', '1');
  expect((await host.probeEnv()).ipv6).toBe(true);
  await host.sysctl.write('net.ipv6.conf.all.disable_ipv6', '0');
});

test('the probe agrees with `ip link add type wireguard`', async () => {
  const kernel = await ns.exec('ip', ['link', 'add', 'probe', 'type', 'wireguard'], { mayFail: true });
  if (kernel.exitCode === 0) await ns.sh('ip link del probe');
  expect((await host.probeEnv()).kernelWireguard).toBe(kernel.exitCode === 0);
});

/** Another user does all it can to hold the lock. */
const SQUATTER = `
  const net = require('node:net'), fs = require('node:fs'), { spawnSync } = require('node:child_process');
  net.createServer((socket) => socket.end('run 1\\n')).listen('\\0wgospf.apply', () => {
    for (const file of ['/run/wgospf/lock', '/proc/sys/net/ipv4/tcp_fastopen_key']) {
      try {
        spawnSync('flock', ['-n', '0'], { stdio: [fs.openSync(file, 'r'), 'ignore', 'ignore'] });
      } catch (error) {
        process.stdout.write(error.code + ' ');
      }
    }
    console.log('tried');
  });
  setInterval(() => undefined, 1000);`;

test('the lock cannot be taken by another user', async () => {
  await ns.sh('mkdir -p /run/wgospf; touch /run/wgospf/lock; chmod 600 /run/wgospf/lock');
  const squatter = ns.start('setpriv', [
    ...['--reuid', '65534', '--regid', '65534', '--clear-groups', process.execPath, '-e', SQUATTER],
  ]);
  await eventually(() => {
    expect(squatter.output()).toBe('EACCES EACCES tried\n');
  });
  const root = remoteHost(ns);
  await root.takeLock();
  await root.end();
  await squatter.stop();
});

test('the lock is one per network namespace and one per /run, and ends with its holder', async () => {
  const other = await openNamespace('host-sys2');
  const elsewhere = remoteHost(other);
  const rival = remoteHost(ns);
  await host.takeLock();
  await elsewhere.takeLock();
  await expect(rival.takeLock()).rejects.toMatchObject({
    code: 'EBUSY',
    detail: expect.stringMatching(/its pid is \d+/) as string,
  });
  const take = `import { takeLock } from '${lockModule}'; await takeLock().catch((e) => console.log(e.code, e.detail));`;
  const node = `${process.execPath} --input-type=module -e "${take}"`;
  expect(await ns.sh(`unshare -n ${node}`)).toMatch(/^EBUSY another wgospf is at work here.*pid is \d+/);
  expect(await ns.sh(`unshare -m sh -c 'mount -t tmpfs tmpfs /run; exec "$@"' sh ${node}`)).toMatch(
    /^EBUSY another wgospf is at work here.*pid is \d+/,
  );
  await host.end();
  host = rival;
  await rival.takeLock();
  await elsewhere.end();
  await other.close();
});

test('a name resolves to both families, each address once, reachable ones first', async () => {
  await ns.writeFile('/etc/hosts', '2001:DB8::222 far\n192.0.2.222 far\n192.0.2.222 far\n');
  await ns.sh('ip link add up0 type veth peer name up1; ip link set up0 up; ip link set up1 up');
  await ns.sh('ip addr add 192.0.2.1/24 dev up0');
  expect(await host.resolveName('far')).toEqual(['192.0.2.222', '2001:db8::222']);
  await ns.sh('ip addr del 192.0.2.1/24 dev up0; ip addr add 2001:db8::1/64 dev up0 nodad');
  expect(await host.resolveName('far')).toEqual(['2001:db8::222', '192.0.2.222']);
  await ns.sh('ip link del up0');
});

test('a resolver that does not answer costs two seconds and gives nothing', async () => {
  // packets to it are dropped without an answer
  await ns.sh(
    'ip link add dns type veth peer name dnsfar; ip addr add 192.0.2.1/24 dev dns; ip link set dns up; ip link set dnsfar up',
  );
  await ns.sh('ip neigh add 192.0.2.53 lladdr 02:00:00:00:00:53 dev dns nud permanent');
  await ns.writeFile('/etc/resolv.conf', 'nameserver 192.0.2.53\noptions timeout:4 attempts:1\n');
  expect(await host.resolveName('vpn222.example.net')).toEqual([]);
  await ns.sh('ip link del dns');
});

test('notes are kept in /run of this mount namespace', async () => {
  const script =
    "import { createNotes } from './src/host/notes.ts'; await createNotes().note('net.ipv4.ip_forward', '0');";
  const root = new URL('../..', import.meta.url).pathname;
  await ns.exec('sh', ['-c', `cd ${root} && exec ${process.execPath} --input-type=module -e "${script}"`]);
  expect(JSON.parse(await ns.readFile('/run/wgospf/notes.json'))).toEqual({ 'net.ipv4.ip_forward': '0' });
});
