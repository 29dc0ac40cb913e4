// The life of wireguard-go: started, found, outliving who started it, ended, and what others do to it meanwhile.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from './lab/eventually.ts';
import { openNamespace, type Namespace } from './lab/namespace.ts';
import { remoteHost, type RemoteHost } from './remote/remote-host.ts';

let ns: Namespace;
let host: RemoteHost;

beforeAll(async () => {
  ns = await openNamespace('host-go');
  host = remoteHost(ns);
});

afterAll(async () => {
  await host.end();
  await ns.close();
});

/** pids (inside) of the running wireguard-go of a device; a zombie runs no more */
const pids = async (dev: string): Promise<string[]> => {
  const { stdout } = await ns.exec('ps', ['-eo', 'pid,stat,args'], {});
  const rows = stdout.split('\n').map((row) => row.trim().split(/\s+/));
  return rows
    .filter(([, stat, ...args]) => args.join(' ') === `wireguard-go ${dev}` && !stat?.startsWith('Z'))
    .map(([p]) => p ?? '');
};
const linkNames = async (): Promise<string[]> => (await host.rtnl.links()).map((l) => l.name);
const sockets = (): Promise<string> => ns.sh('ls /run/wireguard');

/** Kills it; it cannot tidy up behind itself. */
async function crash(dev: string): Promise<void> {
  await ns.sh(`kill -KILL ${(await pids(dev)).join(' ')}`);
  await eventually(async () => {
    expect(await linkNames()).not.toContain(dev);
  });
}

test('start makes link and socket, stop removes both and the process, repeatedly on the same port', async () => {
  for (let i = 0; i < 5; i++) {
    await host.wg.startUserspace('wg1');
    expect(await host.wg.userspaceDevices()).toEqual(['wg1']);
    expect((await host.rtnl.links()).find((l) => l.name === 'wg1')).toMatchObject({
      kind: 'tun',
      up: false,
      mtu: 1420,
    });
    await host.rtnl.setLink('wg1', { up: true });
    await host.wg.set('wg1', { listenPort: 51825 });
    expect(await host.wg.devices()).toMatchObject([{ name: 'wg1', listenPort: 51825, publicKey: '' }]);
    await host.wg.stopUserspace('wg1');
    expect(await host.wg.userspaceDevices()).toEqual([]);
    expect(await linkNames()).not.toContain('wg1');
    expect(await sockets()).toBe('');
    expect(await pids('wg1')).toEqual([]);
  }
});

test('the process is nobody’s child, has its own session, and holds none of our files', async () => {
  await host.wg.startUserspace('wg1');
  const [pid] = await pids('wg1');
  expect((await ns.sh(`ps -o ppid= -p ${pid}`)).trim()).toBe('1');
  const agentSession = (await ns.sh('ps -o sid= -p $(pgrep -f remote/[a]gent.ts)')).trim();
  expect((await ns.sh(`ps -o sid= -p ${pid}`)).trim()).not.toBe(agentSession);
  expect(await ns.sh(`readlink /proc/${pid}/fd/0 /proc/${pid}/fd/1 /proc/${pid}/fd/2 /proc/${pid}/cwd`)).toBe(
    '/dev/null\n/dev/null\n/dev/null\n/\n',
  );
  expect(await ns.sh(`tr '\\0' '\\n' < /proc/${pid}/environ | cut -d= -f1 | sort | tr '\\n' ' '`)).toBe(
    'LC_ALL PATH WG_PROCESS_FOREGROUND WG_TUN_FD WG_UAPI_FD ',
  );
  await host.wg.stopUserspace('wg1');
});

test('the process survives the agent that started it, even if its whole process group is killed', async () => {
  const other = remoteHost(ns);
  await other.wg.startUserspace('wg1');
  const ended = expect(
    other.rtnl.links().then(() => other.wg.devices().then(() => other.run('sleep', ['60']))),
  ).rejects.toThrow('ended');
  await eventually(async () => {
    await ns.sh('pgrep -x sleep');
  });
  // the younger of the two agents, which leads its process group; [a]: not this command itself
  await ns.sh('p=$(pgrep -nf remote/[a]gent.ts); kill -KILL -- -$p');
  await ended;
  host = remoteHost(ns);
  expect(await host.wg.userspaceDevices()).toEqual(['wg1']);
  await host.wg.stopUserspace('wg1');
});

test('start succeeds if the tunnel already runs', async () => {
  await host.wg.startUserspace('wg1');
  const before = await pids('wg1');
  await host.wg.startUserspace('wg1');
  expect(await pids('wg1')).toEqual(before);
  await host.wg.stopUserspace('wg1');
});

test('a foreign link of that name is EEXIST and stays', async () => {
  await ns.sh('ip link add wg1 type veth peer name far');
  await expect(host.wg.startUserspace('wg1')).rejects.toMatchObject({
    code: 'EEXIST',
    operation: 'start wireguard-go wg1',
  });
  expect(await linkNames()).toContain('wg1');
  await ns.sh('ip link del wg1');
});

test('a tunnel whose link was renamed keeps its socket, and is reported', async () => {
  await host.wg.startUserspace('wg1');
  await ns.sh('ip link set wg1 name other');
  await expect(host.wg.startUserspace('wg1')).rejects.toMatchObject({ code: 'EBUSY' });
  await host.wg.stopUserspace('wg1');
  expect(await linkNames()).toEqual(['lo']);
});

test('start right after a kill, or after its link was deleted, waits for the old process to end', async () => {
  await host.wg.startUserspace('wg1');
  for (const ending of [
    `kill -KILL ${(await pids('wg1')).join(' ')}`,
    'ip link del wg1',
    'rm /run/wireguard/wg1.sock',
  ]) {
    await ns.sh(ending);
    await host.wg.startUserspace('wg1');
    await host.wg.set('wg1', { listenPort: 51825 });
    expect(await linkNames()).toContain('wg1');
  }
  await host.wg.stopUserspace('wg1');
});

test('files of a killed process are in nobody’s way', async () => {
  await host.wg.startUserspace('wg1');
  await crash('wg1');
  expect(await sockets()).toBe('wg1.sock\n');
  expect(await host.wg.userspaceDevices()).toEqual([]);
  expect(await host.wg.devices()).toEqual([]); // here wg itself removes the stale socket
  await host.wg.startUserspace('wg1');
  await crash('wg1');
  await host.wg.startUserspace('wg1');
  expect(await host.wg.userspaceDevices()).toEqual(['wg1']);
  await crash('wg1');
  await host.wg.stopUserspace('wg1');
  expect(await sockets()).toBe('');
});

test.each([
  ['deletes its link', 'ip link del wg1'],
  ['removes its socket', 'rm /run/wireguard/wg1.sock'],
  ['ends it with SIGTERM', 'pkill -TERM -xf "wireguard-go wg1"'],
])('a command that %s ends the whole tunnel, and stop has nothing to do', async (_, command) => {
  await host.wg.startUserspace('wg1');
  await ns.sh(command);
  await eventually(async () => {
    expect([await pids('wg1'), await sockets(), (await linkNames()).includes('wg1')]).toEqual([[], '', false]);
  });
  await host.wg.stopUserspace('wg1');
});

test('stop of a missing tunnel is no error', async () => {
  await host.wg.stopUserspace('wg9');
});

test('many tunnels start and stop at once', async () => {
  const names = Array.from({ length: 12 }, (_, i) => `wg${100 + i}`);
  await Promise.all(names.map((n) => host.wg.startUserspace(n)));
  expect(await host.wg.userspaceDevices()).toEqual(names);
  expect((await host.wg.devices()).map((d) => d.name).sort()).toEqual(names);
  await Promise.all(names.map((n) => host.wg.stopUserspace(n)));
  expect(await sockets()).toBe('');
  expect(await linkNames()).toEqual(['lo']);
});

test('a hanging process is named while the others are read, and is read again when it continues', async () => {
  await host.wg.startUserspace('wg1');
  await host.wg.startUserspace('wg2');
  const [pid] = await pids('wg1');
  await ns.sh(`kill -STOP ${pid}`);
  const hung = { name: 'wg1', unread: expect.stringContaining('/var/run/wireguard/wg1.sock') as string };
  for (let i = 0; i < 3; i++) {
    const found = (await host.wg.devices()).sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(found).toMatchObject([hung, { name: 'wg2', listenPort: expect.any(Number) as number }]);
    expect(found[1]?.unread).toBeUndefined();
  }
  expect(await host.wg.devices(['wg2'])).toHaveLength(1);
  expect(await host.wg.userspaceDevices()).toEqual(['wg1', 'wg2']);
  await ns.sh(`kill -CONT ${pid}`);
  await eventually(async () => {
    expect((await host.wg.devices(['wg1']))[0]?.unread).toBeUndefined();
  });
  await host.wg.stopUserspace('wg2');
  await ns.sh(`kill -STOP ${pid}`);
  await expect(host.wg.startUserspace('wg1')).rejects.toMatchObject({
    code: 'ETIMEDOUT',
    detail: expect.stringContaining('/var/run/wireguard/wg1.sock') as string,
  });
  await expect(host.wg.stopUserspace('wg1')).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  await ns.sh(`kill -KILL ${pid}`);
});

test('without /dev/net/tun or without the program the error names the cure', async () => {
  await ns.sh('mkdir -p /run/empty && mount --bind /run/empty /dev/net');
  await expect(host.wg.startUserspace('wg1')).rejects.toMatchObject({
    code: 'ENODEV',
    detail: expect.stringMatching(/dev\/net\/tun does not exist: modprobe tun/) as string,
  });
  await ns.sh('umount /dev/net; mount --bind /dev/null /usr/bin/wireguard-go');
  await expect(host.wg.startUserspace('wg1')).rejects.toMatchObject({ operation: 'start wireguard-go wg1' });
  await ns.sh('umount /usr/bin/wireguard-go');
  await host.setPath('/nowhere');
  await expect(host.wg.startUserspace('wg1')).rejects.toMatchObject({
    code: 'ENOENT',
    detail: 'the program wireguard-go is not installed: apt install wireguard-go',
  });
  await host.setPath('/usr/bin:/bin');
});

test('the keys of a live device are saved to files of mode 0600, never over others, and never printed', async () => {
  await host.wg.startUserspace('wg8');
  const secrets = await ns.sh(`
    umask 077; cd /etc/wgospf; wg genkey >own; wg genpsk >psk; wg genkey >other
    wg set wg8 private-key own peer "$(wg genkey | wg pubkey)" preshared-key psk
    cat own psk`);
  const [own = '', psk = ''] = secrets.trim().split('\n');
  const [file, copy] = ['/etc/wgospf/saved/wg8.key', '/etc/wgospf/saved/wg8.conf.before-wgospf'];
  await host.wg.save('wg8', 'private-key', file);
  await host.wg.save('wg8', 'config', copy);
  expect(await ns.readFile(file)).toBe(`${own}\n`);
  expect(await ns.sh('stat -c %a /etc/wgospf/saved /etc/wgospf/saved/*')).toBe('700\n600\n600\n');
  const kept = await ns.readFile(copy);
  for (const key of [own, psk]) expect(kept).toContain(key);
  await expect(host.wg.save('wg8', 'private-key', file)).rejects.toMatchObject({ code: 'EEXIST' });
  // a pass that died behind it comes again; another port is no key
  await ns.sh('wg set wg8 listen-port 51999');
  await host.wg.save('wg8', 'config', copy);
  await ns.sh('wg set wg8 private-key /etc/wgospf/other');
  await expect(host.wg.save('wg8', 'config', copy)).rejects.toMatchObject({ code: 'EEXIST' });
  expect(await ns.readFile(copy)).toBe(kept);
  for (const key of [own, psk]) expect(host.received()).not.toContain(key);
  await host.wg.stopUserspace('wg8');
});
