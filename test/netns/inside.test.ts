// The agent part inside a network namespace, on the real kernel: links that come and go, traffic, and a part that fails.
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Host } from '../../src/host/types.ts';
import { parsePrefix } from '../../src/net/ip.ts';
import { eventually } from './lab/eventually.ts';
import { openNamespace, type Namespace } from './lab/namespace.ts';
import { remoteHost, type RemoteHost } from './remote/remote-host.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

const openTwice = fileURLToPath(new URL('remote/open-twice.ts', import.meta.url));

let ns: Namespace;
let host: RemoteHost;

/** The underlay of a router with its mesh in `nycmesh`, and `far` with the other end of a tunnel. */
beforeAll(async () => {
  ns = await openNamespace('inside');
  await ns.sh(`
    ip netns add far
    ip link add uplink type veth peer name uplink netns far
    ip address add 192.0.2.1/24 dev uplink
    ip link set uplink up
    ip -n far address add 192.0.2.2/24 dev uplink
    ip -n far link set uplink up
    ip netns exec far wireguard-go wgfar 2>/dev/null
    umask 077
    mkdir -p /etc/wgospf/keys
    for side in near far; do wg genkey >/etc/wgospf/keys/$side.key; wg pubkey </etc/wgospf/keys/$side.key >/etc/wgospf/keys/$side.pub; done
    wg set wgfar listen-port 51821 private-key /etc/wgospf/keys/far.key \
      peer "$(cat /etc/wgospf/keys/near.pub)" allowed-ips 0.0.0.0/0
    ip -n far address add 10.70.89.1/31 dev wgfar
    ip -n far link set wgfar up`);
  host = remoteHost(ns);
  await host.netns.add('nycmesh');
});

afterAll(async () => {
  await host.end();
  await ns.close();
});

async function inside(): Promise<Host> {
  return (await host.netns.enter('nycmesh')) ?? expect.unreachable();
}
const names = async (at: Pick<Host, 'rtnl'>): Promise<string[]> => (await at.rtnl.links()).map(({ name }) => name);
const publicKey = async (side: string): Promise<string> => (await ns.sh(`cat /etc/wgospf/keys/${side}.pub`)).trim();
const pids = async (): Promise<string[]> =>
  (await ns.sh('pgrep -f "inside nycmes[h] --socket" || true')).split('\n').filter((pid) => pid !== '');

test('a tunnel made outside and moved in carries the traffic of the inside, encrypted over the underlay', async () => {
  const mesh = await inside();
  await host.wg.startUserspace('wg222');
  await host.rtnl.setLink('wg222', { alias: 'wgospf', mtu: 1400 });
  await host.rtnl.setLink('wg222', { netns: 'nycmesh' });
  expect([await host.wg.devices(), await host.wg.userspaceDevices()]).toMatchObject([[], []]);
  expect(await mesh.wg.userspaceDevices()).toEqual(['wg222']);
  await mesh.wg.setconf(
    'wg222',
    {
      privateKeyFile: '/etc/wgospf/keys/near.key',
      listenPort: 51822,
      peer: {
        publicKey: await publicKey('far'),
        presharedKeyFile: undefined,
        endpoint: '192.0.2.2:51821',
        persistentKeepalive: 0,
        allowedIPs: [parsePrefix('0.0.0.0/0') ?? expect.unreachable()],
      },
    },
    'netlink',
  );
  const prefix = parsePrefix('10.70.89.0/31') ?? expect.unreachable();
  await mesh.rtnl.addAddress({ dev: 'wg222', prefix, peer: undefined, protocol: 87 });
  await mesh.rtnl.setLink('wg222', { up: true });
  await eventually(() => ns.sh('ip netns exec nycmesh ping -c 1 -W 1 10.70.89.1'));
  expect(await mesh.wg.devices()).toMatchObject([
    { name: 'wg222', listenPort: 51822, peers: [{ rxBytes: expect.any(Number) as number }] },
  ]);
  // the socket is outside, and the address inside
  expect(await ns.sh('ss -Huln sport = 51822 | wc -l; ip netns exec nycmesh ss -Huln sport = 51822 | wc -l')).toBe(
    '2\n0\n',
  );
  expect((await ns.exec('ping', ['-c', '1', '-W', '1', '10.70.89.1'], { mayFail: true })).exitCode).not.toBe(0);
});

test('the key of a device inside is saved by the part inside, and is not sent over the socket', async () => {
  const mesh = await inside();
  await mesh.wg.save('wg222', 'private-key', '/etc/wgospf/keys/saved.key');
  expect(
    await ns.sh('cmp /etc/wgospf/keys/saved.key /etc/wgospf/keys/near.key; stat -c %a /etc/wgospf/keys/saved.key'),
  ).toBe('600\n');
});

test('a tunnel moves out again with its session, and in once more', async () => {
  const mesh = await inside();
  const before = await ns.sh('wg show wg222 peers; wg show wg222 latest-handshakes');
  await mesh.rtnl.setLink('wg222', { netns: '' });
  expect([(await names(mesh)).includes('wg222'), await host.wg.userspaceDevices()]).toEqual([false, ['wg222']]);
  expect((await host.rtnl.links()).find(({ name }) => name === 'wg222')).toMatchObject({
    alias: 'wgospf',
    up: false,
    mtu: 1400,
  });
  await host.rtnl.setLink('wg222', { netns: 'nycmesh' });
  expect(await ns.sh('wg show wg222 peers; wg show wg222 latest-handshakes')).toBe(before);
  const prefix = parsePrefix('10.70.89.0/31') ?? expect.unreachable();
  await mesh.rtnl.addAddress({ dev: 'wg222', prefix, peer: undefined, protocol: 87 });
  await mesh.rtnl.setLink('wg222', { up: true });
  await eventually(() => ns.sh('ip netns exec nycmesh ping -c 1 -W 1 10.70.89.1'));
});

test('wireguard-go can be started and stopped from inside', async () => {
  const mesh = await inside();
  await mesh.wg.startUserspace('wg7');
  await mesh.wg.startUserspace('wg7');
  expect([await names(mesh), await mesh.wg.userspaceDevices()]).toEqual([
    expect.arrayContaining(['wg222', 'wg7']),
    ['wg222', 'wg7'],
  ]);
  await mesh.wg.stopUserspace('wg7');
  expect(await names(mesh)).not.toContain('wg7');
  expect(await mesh.wg.userspaceDevices()).toEqual(['wg222']);
});

test('events of the inside are received, and those of the outside are not', async () => {
  const { heard, touches } = await host.insideEvents(
    'nycmesh',
    `ip link add o1 type veth peer name o2; ip -n nycmesh link add i1 type veth peer name i2
    ip -n nycmesh nexthop add id 7 blackhole
    ip -n nycmesh route add 198.51.100.0/24 nhid 7; ip -n nycmesh nexthop del id 7`,
  );
  expect(touches).toEqual(expect.arrayContaining([{ kind: 'nexthop' }]));
  // the route that went with it is not told of
  expect(heard.filter(({ kind }) => kind === 'route').map(({ action }) => action)).not.toContain('deleted');
  expect(heard.map(({ kind, action, object }) => [kind, action, 'name' in object ? object.name : ''])).toEqual(
    expect.arrayContaining([['link', 'new', 'i1']]),
  );
  expect(JSON.stringify(heard)).not.toContain('"o1"');
});

test('a killed part fails only its running calls, and the next call starts another', async () => {
  const mesh = await inside();
  const [first] = await pids();
  await ns.sh(`kill -KILL ${first}`);
  await eventually(async () => {
    expect(await names(mesh)).toContain('wg222');
  });
  expect((await pids()).filter((pid) => pid !== first)).toHaveLength(1);
});

test('two connections that find no part at the same time start a single one', async () => {
  await ns.sh(`kill -KILL ${(await pids()).join(' ')}`);
  await eventually(async () => expect(await pids()).toEqual([]));
  const { stdout } = await ns.exec(process.execPath, [openTwice, 'nycmesh']);
  const [one, two] = stdout.trim().split(' ');
  expect(two).toBe(one);
  expect(await pids()).toHaveLength(1);
});

test('a hanging part is left behind by the next agent', async () => {
  const [hung] = await pids();
  await ns.sh(`kill -STOP ${hung}`);
  const other = remoteHost(ns);
  const mesh = await other.netns.enter('nycmesh');
  expect(mesh && (await names(mesh))).toContain('wg222');
  await other.end();
  await ns.sh(`kill -KILL ${hung}`);
  await eventually(async () => {
    expect(await names(await inside())).toContain('wg222');
  });
});

test('only root can open the socket', async () => {
  await names(await inside());
  expect(await ns.sh('stat -c "%a %U %F" /run/wgospf/inside-nycmesh.sock')).toBe('600 root socket\n');
});

const state = (more: string): string => `version: 1
router: {id: 10.69.0.1}
mesh: {table: {name: nycmesh, id: 2}, prefixes: [10.69.0.0/16, 10.70.0.0/16], ${more}}
interfaces: {}
tunnels: {}
`;
const exec = (...command: string[]) => ns.exec(process.execPath, [main, 'exec', ...command], { mayFail: true });

test('wgospf exec runs a command inside, with its input, output and status', async () => {
  await ns.writeFile('/etc/wgospf/state.yaml', state('isolation: netns'));
  expect(await exec('--', 'ip', '-br', 'address', 'show', 'dev', 'wg222')).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^wg222 .* 10\.70\.89\.0\/31/) as string,
  });
  expect(await exec('sh', '-c', 'echo here >&2; exit 7')).toEqual({ exitCode: 7, stdout: '', stderr: 'here\n' });
  await ns.writeFile('/etc/wgospf/state.yaml', state('isolation: table'));
  expect(await exec('--', 'ip', '-br', 'link', 'show', 'dev', 'uplink')).toMatchObject({ exitCode: 0 });
  expect(await exec('no-such-program')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('no such program in PATH') as string,
  });
});

test('a namespace that was deleted and made again has its own part', async () => {
  await host.netns.add('again');
  const first = await host.netns.enter('again');
  expect(first && (await names(first))).toEqual(['lo']);
  await ns.sh('ip netns delete again; ip netns add again; ip -n again link add v1 type veth peer name v2');
  const second = await host.netns.enter('again');
  expect(second && (await names(second))).toEqual(['lo', 'v2', 'v1']);
  await host.netns.delete('again');
});

test('the part ends with the namespace, and wgospf exec prints the cure', async () => {
  await host.netns.delete('nycmesh');
  await eventually(async () => {
    expect(await pids()).toEqual([]);
  });
  await ns.writeFile('/etc/wgospf/state.yaml', state('isolation: netns'));
  expect(await exec('true')).toMatchObject({
    exitCode: 1,
    stderr:
      "wgospf exec: there is no network namespace nycmesh yet; run 'wgospf reload', or 'wgospf apply' where the daemon does not run\n",
  });
  expect(await ns.sh('ls /run/wgospf')).toBe('');
});
